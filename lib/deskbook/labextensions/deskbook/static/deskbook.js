// What a form cannot do from a kernel: keep its keys, open a notebook, tick, call attention, and tell a lost kernel.
// JupyterLab loads this file as it is; there is nothing to build. Forms work without it, with less comfort.
(() => {
  "use strict";
  const FORM = ".deskbook-form";
  const DESK = /^00 [^/]+\.ipynb$/; // one begins there, so it is run when JupyterLab opens with it
  const NARROW = 800; // pixels
  let shared; // what JupyterLab shares with its extensions, by package
  let notebookIcon;

  // Keys. JupyterLab takes arrows, letters and Enter for the notebook, unless this mark stands where the focus is: its
  // bindings are for whatever is focused, so a mark on the form's root comes too late. Saving stays, and so do the ways
  // out of the form: the palette, the launcher, the tab before and the next.
  const LAB_S = /^(s|shift\+[cl[\]{}])$/;
  const keepKeys = (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(FORM)) return;
    const chord = event.ctrlKey || event.metaKey;
    const key = `${event.shiftKey ? "shift+" : ""}${event.key.toLowerCase()}`;
    const passes = chord && LAB_S.test(key);
    event.target.toggleAttribute("data-lm-suppress-shortcuts", !passes);
    if (passes && event.target.matches("input, textarea")) handOn(event);
    if (chord && key === "enter") goToApply(event);
  };

  // A field keeps all keys to itself; what is JupyterLab's is said again, by the form.
  const handOn = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    const { key, code, keyCode, ctrlKey, metaKey, shiftKey, target } = event;
    const again = { key, code, keyCode, ctrlKey, metaKey, shiftKey, bubbles: true, cancelable: true };
    target.closest(FORM).dispatchEvent(new KeyboardEvent("keydown", again));
  };

  // Ctrl-Enter goes to Apply from anywhere in the form; there it presses it, like Enter, but not by being held down. The
  // field that one leaves may draw the plan anew, with a button of its own: who was on the old one, or on the way to it,
  // stands on that.
  const APPLY = ".deskbook-apply:not([disabled])";
  let onApply; // the notebook in which Apply had the focus last, or is to get it
  const panelOf = (thing) => thing.closest(".jp-NotebookPanel");
  const goToApply = (event) => {
    if (event.target.matches(APPLY) && !event.repeat) return;
    event.preventDefault();
    event.target.blur();
    onApply = panelOf(event.target);
    keepOnApply();
  };
  const keepOnApply = () => {
    if (document.activeElement === document.body) onApply?.querySelector(APPLY)?.focus();
  };

  // What asks for something once does so by a word of its own: a view that is drawn again does not ask again.
  const asked = new Map();
  const first = (word) => !asked.has(word) && asked.set(word, performance.now());
  const lost = (word) => document.activeElement === document.body && performance.now() - asked.get(word) < 3000;

  // Attention. What has data-deskbook-focus is brought into view and focused; what changes in .deskbook-live is read out.
  const attend = () => {
    for (const live of document.querySelectorAll(".deskbook-live:not([aria-live])")) live.setAttribute("aria-live", "polite");
    for (const apply of document.querySelectorAll(".deskbook-apply:not([aria-keyshortcuts])")) apply.setAttribute("aria-keyshortcuts", "Control+Enter");
    for (const thing of document.querySelectorAll("[data-deskbook-focus]")) {
      const word = thing.dataset.deskbookFocus;
      if (!first(word) && !lost(word)) continue; // its output may be drawn again just after
      thing.tabIndex = -1;
      thing.focus({ preventScroll: true });
      keepInView(thing, "center");
    }
  };

  // What stands above it may be drawn again, shorter or longer: for a moment it is kept in view, unless somebody moves on.
  const keepInView = (thing, block) => {
    let left = 15;
    thing.scrollIntoView({ block });
    const timer = setInterval(() => {
      thing.scrollIntoView({ block });
      if (--left === 0 || !thing.isConnected) stop();
    }, 100);
    const stop = () => {
      clearInterval(timer);
      for (const moved of ["wheel", "keydown", "pointerdown"]) document.removeEventListener(moved, stop, true);
    };
    for (const moved of ["wheel", "keydown", "pointerdown"]) document.addEventListener(moved, stop, true);
  };

  // A stopwatch counts on in the page, without a call: seconds used when it was drawn, and how many there are.
  const tick = () => {
    for (const watch of document.querySelectorAll("[data-deskbook-seconds]")) {
      watch.deskbookSince ??= performance.now() - 1000 * Number(watch.dataset.deskbookSeconds);
      const seconds = Math.floor((performance.now() - watch.deskbookSince) / 1000);
      const shown = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (watch.textContent !== shown) watch.textContent = shown;
    }
  };

  // A kernel that is gone. JupyterLab marks each of its widgets; a button that does nothing must look so.
  const LOST = "The kernel of this form is gone. Run all cells again; nothing that was applied is lost.";
  const tellLost = () => {
    for (const dead of document.querySelectorAll(`${FORM}.jupyter-widgets-disconnected:not([data-deskbook-lost])`)) {
      dead.setAttribute("data-deskbook-lost", "");
      for (const each of dead.querySelectorAll("button, input, select, textarea")) each.disabled = true;
      const place = dead.querySelector(".deskbook-decide") ?? (dead.querySelector(".deskbook-apply, .deskbook-again") && dead);
      if (!place) continue; // said where somebody would decide or press
      const said = document.createElement("p");
      said.className = "deskbook-lost";
      said.setAttribute("role", "alert");
      said.textContent = LOST;
      place.prepend(said);
    }
  };

  const resolve = (from, path) => {
    const parts = from.split("/").slice(0, -1);
    for (const part of path.split("/")) part === ".." ? parts.pop() : part !== "." && parts.push(part);
    return parts.join("/");
  };

  const find = (app, path) => [...app.shell.widgets("main")].find((each) => each.context?.path === path);

  // Open a notebook and run it. One that is open and was run is only shown: somebody may be at work in it. One that
  // JupyterLab has opened again, with the tabs of another day, has no form yet. A new one is given back: a launcher makes
  // place for what its card opened.
  const open = async (app, path) => {
    const there = find(app, path);
    const notebook = there ?? (await app.commands.execute("docmanager:open", { path, factory: "Notebook" }));
    app.shell.activateById(notebook.id);
    if (first(notebook.id) && !notebook.node.querySelector(FORM)) void run(app, notebook);
    return there ? undefined : notebook;
  };

  const run = async (app, notebook) => {
    await notebook.context.ready;
    await notebook.context.sessionContext.ready;
    app.shell.activateById(notebook.id);
    await app.commands.execute("notebook:run-all-cells");
    showForm(notebook);
  };

  // The form is what one came for: it begins at the top of the window, and Tab goes on with what is to be
  // decided. On the desk one stands at once on the first ticket.
  const showForm = (notebook) => {
    let left = 30;
    const timer = setInterval(() => {
      const form = notebook.node.querySelector(FORM);
      const start = form?.querySelector(".deskbook-row button, .deskbook-decide");
      if (!start && --left) return; // it is drawn piece by piece
      clearInterval(timer);
      if (!form || form.contains(document.activeElement)) return; // somebody is at work in it already
      keepInView(form, "start");
      focusOn(start ?? form);
    }, 100);
  };

  const focusOn = (thing) => {
    if (!thing.matches("button")) thing.tabIndex = -1;
    thing.focus({ preventScroll: true });
  };

  const openNamed = (app) => {
    for (const link of document.querySelectorAll("a[data-deskbook-open]")) {
      link.dataset.deskbookFrom ??= app.shell.currentWidget?.context?.path ?? "";
      const path = resolve(link.dataset.deskbookFrom, link.dataset.deskbookOpen);
      if (link.dataset.deskbookNow && first(link.dataset.deskbookNow)) void open(app, path);
      link.onclick = (event) => {
        event.preventDefault();
        void open(app, path);
      };
    }
  };

  const launchCards = async (app, launcher) => {
    const folder = await app.serviceManager.contents.get("");
    for (const file of folder.content) {
      const [, rank, label] = /^(\d+) (.+)\.ipynb$/.exec(file.name) ?? [];
      if (!label) continue;
      const command = `deskbook:${label}`;
      const execute = () => open(app, file.path);
      app.commands.addCommand(command, { label, caption: `Open ${file.name} and run it`, icon: notebookIcon, execute });
      launcher?.add({ command, category: "Notebook", rank: Number(rank) - 100 }); // before any kernel
    }
  };

  const activate = (app, launcher) => {
    window.addEventListener("keydown", keepKeys, true);
    window.addEventListener("focusin", (event) => {
      onApply = event.target.matches?.(APPLY) ? panelOf(event.target) : undefined;
    });
    window.addEventListener("pointerdown", () => (onApply = undefined), true);
    setInterval(tick, 250);
    let waiting = false;
    const look = () => {
      waiting = false;
      attend();
      openNamed(app);
      tellLost();
      keepOnApply();
    };
    const watch = { childList: true, subtree: true, attributes: true, attributeFilter: ["class"] };
    new MutationObserver(() => {
      if (!waiting) requestAnimationFrame(look);
      waiting = true;
    }).observe(document.body, watch);
    void launchCards(app, launcher);
    app.restored.then(() => {
      if (window.innerWidth < NARROW) app.shell.collapseLeft?.(); // the list of files would leave a form no room
      arrive(app, app.shell.currentWidget);
      app.shell.currentChanged.connect((_, { newValue }) => arrive(app, newValue));
    });
  };

  // The desk is read when JupyterLab opens with it, and again whenever somebody comes back to it.
  const arrive = (app, widget) => {
    const again = widget?.node.querySelector(".deskbook-again");
    if (again) again.click();
    else if (DESK.test(widget?.context?.path ?? "") && first(widget.id)) void run(app, widget);
  };

  const take = async (name) => {
    const [version] = Object.values(shared[name] ?? {});
    return version ? (await version.get())() : {};
  };

  const extension = async () => {
    const { ILauncher } = await take("@jupyterlab/launcher");
    ({ notebookIcon } = await take("@jupyterlab/ui-components"));
    const plugin = { id: "deskbook:forms", autoStart: true, optional: ILauncher ? [ILauncher] : [], activate };
    return () => ({ __esModule: true, default: plugin });
  };
  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.deskbook = { init: (scope) => (shared = scope), get: extension };
})();
