// What the theme leaves open, before it starts: its mode (it complains where nobody chose), the talk in the console,
// the name of the sidebar's arrows and of the way home, and a way for the keyboard into what scrolls sideways.
(() => {
  const root = document.documentElement;
  root.dataset.mode ||= "auto";
  root.dataset.theme ||= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const log = console.log;
  console.log = (...words) => /^\[(PST|togglebutton)\]/.test(words[0]) || log(...words);
  addEventListener("DOMContentLoaded", () => {
    for (const arrow of document.querySelectorAll("nav summary")) arrow.ariaLabel ??= "Pages below this one";
    for (const logo of document.querySelectorAll(".sidebar-primary-item > .navbar-brand"))
      Object.assign(logo.parentElement, {role: "navigation", ariaLabel: "Home"});
    for (const box of document.querySelectorAll(".picture, .cell_output, .cell_output .deskbook > div"))
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
  });
})();
