// Two small services for every page: wide formulas scroll by keyboard; paper is white, and shows
// what is folded.

const wide = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      target.setAttribute("role", "group");
      target.setAttribute("aria-label", "wide formula");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
document.querySelectorAll(".math-body").forEach((formula) => wide.observe(formula));

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
