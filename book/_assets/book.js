// Three small services for every page: wide formulas scroll by keyboard; pictures are there before
// a reader comes to them; paper is white, and shows what is folded.

const measure = (formula) => {
  if (formula.scrollWidth > formula.clientWidth) {
    formula.tabIndex = 0;
    formula.setAttribute("role", "group");
    formula.setAttribute("aria-label", "wide formula");
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) formula.removeAttribute(name);
  }
};
const formulas = document.querySelectorAll(".math-body");
const resized = new ResizeObserver((entries) => entries.forEach(({ target }) => measure(target)));
formulas.forEach((formula) => resized.observe(formula));
document.fonts.ready.then(() => formulas.forEach(measure)); // letters came, the box stayed

// First the page itself, then its pictures, in the form that this screen shows.
addEventListener("load", () => {
  for (const image of document.querySelectorAll("img[loading=lazy]")) {
    if (image.checkVisibility()) image.loading = "eager";
  }
});

addEventListener("beforeprint", () => {
  const root = document.documentElement;
  const { theme } = root.dataset;
  const folded = [...document.querySelectorAll("details:not([open])")];
  root.dataset.theme = "light";
  for (const box of folded) box.open = true;
  addEventListener("afterprint", () => {
    root.dataset.theme = theme;
    for (const box of folded) box.open = false;
  }, { once: true });
});
