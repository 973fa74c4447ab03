// Before the theme: choose its mode (it complains when nobody has), and spare the console its talk.
(() => {
  const root = document.documentElement;
  root.dataset.mode ||= "auto";
  root.dataset.theme ||= matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const log = console.log;
  console.log = (...words) => /^\[(PST|togglebutton)\]/.test(words[0]) || log(...words);
})();
