// A table or formula wider than its place scrolls; then, and only then, it is a stop of the Tab key, for those without a mouse.
document.addEventListener("DOMContentLoaded", () => {
  const wide = "table, mjx-container[display], dl.py mjx-container, div.cell_output";
  const mark = () => {
    for (const part of document.querySelectorAll(`article :is(${wide})`)) {
      if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
      else part.removeAttribute("tabindex");
    }
  };
  addEventListener("load", () => {
    mark();
    window.MathJax?.startup?.promise?.then(mark);
  });
  addEventListener("resize", mark);
});
