// What the theme leaves open, before it starts: its mode (it complains where nobody chose), the talk in the console,
// and the name of the sidebar's arrows.
(() => {
  const root = document.documentElement;
  root.dataset.mode ||= "auto";
  root.dataset.theme ||= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const log = console.log;
  console.log = (...words) => /^\[(PST|togglebutton)\]/.test(words[0]) || log(...words);
  addEventListener("DOMContentLoaded", () => {
    for (const arrow of document.querySelectorAll("nav summary")) arrow.ariaLabel ??= "Pages below this one";
  });
})();
