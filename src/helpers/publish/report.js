// What the page of a report does beyond being read: figures as files, and the contents open where there is room.
// Without it everything can still be read, and the data can still be taken as CSV.
"use strict";
(() => {
  // Figures as files: the drawing of the page with its size and the one rule that it takes from the page.
  function asFile(drawing) {
    const copy = drawing.cloneNode(true);
    const { width, height } = drawing.viewBox.baseVal;
    const rule = document.createElementNS(copy.namespaceURI, "style");
    rule.textContent = "*{stroke-linejoin:round;stroke-linecap:butt}";
    copy.prepend(rule);
    copy.removeAttribute("class");
    copy.removeAttribute("style");
    copy.setAttribute("width", `${width}pt`);
    copy.setAttribute("height", `${height}pt`);
    return new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" });
  }
  for (const button of document.querySelectorAll(".as-svg")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(asFile(button.closest("figure").querySelector(".drawing")));
      link.download = button.dataset.name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    });
  }

  // A box that scrolls is a stop for the keyboard and says so; one that does not is neither.
  const names = new Map();
  const watch = new ResizeObserver(entries => {
    for (const { target } of entries) {
      const scroller = target.closest(".scroller");
      const scrolls = scroller.scrollWidth > scroller.clientWidth + 1;
      scroller.parentElement.querySelector(".hint").hidden = !scrolls;
      if (scrolls) {
        scroller.tabIndex = 0;
        scroller.setAttribute("role", "region");
        scroller.setAttribute("aria-label", names.get(scroller));
      } else {
        for (const attribute of ["tabindex", "role", "aria-label"]) scroller.removeAttribute(attribute);
      }
    }
  });
  for (const scroller of document.querySelectorAll(".scroller")) {
    names.set(scroller, scroller.getAttribute("aria-label"));
    watch.observe(scroller);
    watch.observe(scroller.firstElementChild);
  }

  const wide = matchMedia("(min-width: 70rem)");
  const contents = document.querySelector("nav details");
  const unfold = () => { if (wide.matches) contents.open = true; };
  wide.addEventListener("change", unfold);
  unfold();
})();
