// Two small services for every page: wide formulas scroll by keyboard, paper shows what is folded.

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
  for (const box of document.querySelectorAll("details:not([open])")) {
    box.open = true;
    addEventListener("afterprint", () => { box.open = false; }, { once: true });
  }
});
