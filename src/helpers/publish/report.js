// What the page of a report does beyond being read: figures as files, wide figures whole, and the contents at hand.
// Without it everything can still be read, and the data can still be taken as CSV.
"use strict";
(() => {
  // Figures as files: the drawing of the page with its size, its fonts and the one rule that it takes from the page.
  const fonts = [...document.styleSheets[0].cssRules].filter(rule => rule instanceof CSSFontFaceRule).map(rule => rule.cssText);
  const PX_PER_PT = 4 / 3;
  const PNG_SCALE = 3;
  const PNG_MARGIN = 36;
  function asText(drawing) {
    const copy = drawing.cloneNode(true);
    const { width, height } = drawing.viewBox.baseVal;
    const rule = document.createElementNS(copy.namespaceURI, "style");
    rule.textContent = [...fonts, "*{stroke-linejoin:round;stroke-linecap:butt}"].join("");
    copy.prepend(rule);
    copy.removeAttribute("class");
    copy.removeAttribute("style");
    copy.setAttribute("width", `${width}pt`);
    copy.setAttribute("height", `${height}pt`);
    return new XMLSerializer().serializeToString(copy);
  }
  async function asPicture(drawing) {
    const picture = new Image();
    picture.src = `data:image/svg+xml,${encodeURIComponent(asText(drawing))}`;
    await picture.decode();
    const canvas = document.createElement("canvas");
    const { width, height } = drawing.viewBox.baseVal;
    const [w, h] = [width, height].map(side => Math.round(side * PX_PER_PT * PNG_SCALE));
    canvas.width = w + 2 * PNG_MARGIN;
    canvas.height = h + 2 * PNG_MARGIN;
    const context = canvas.getContext("2d");
    context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue("--figure-paper");
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(picture, PNG_MARGIN, PNG_MARGIN, w, h);
    return new Promise(resolve => canvas.toBlob(resolve, "image/png"));
  }
  function offer(buttons, make) {
    for (const button of document.querySelectorAll(buttons)) {
      button.hidden = false;
      button.addEventListener("click", async () => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await make(button.closest("figure").querySelector(".drawing")));
        link.download = button.dataset.name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 1000);
      });
    }
  }
  offer(".as-svg", drawing => new Blob([asText(drawing)], { type: "image/svg+xml" }));
  offer(".as-png", asPicture);

  // A box that scrolls is a stop for the keyboard and says so; one that does not is neither. A figure that would scroll
  // can be shown whole.
  const names = new Map();
  function look(scroller) {
    const box = scroller.parentElement;
    const isWhole = box.classList.contains("whole");
    box.classList.remove("whole");
    const isWide = scroller.scrollWidth > scroller.clientWidth + 1;
    box.classList.toggle("whole", isWhole && isWide);
    box.querySelector(".hint").hidden = !isWide;
    if (isWide && !isWhole) {
      scroller.tabIndex = 0;
      scroller.setAttribute("role", "region");
      scroller.setAttribute("aria-label", names.get(scroller));
    } else {
      for (const attribute of ["tabindex", "role", "aria-label"]) scroller.removeAttribute(attribute);
    }
  }
  const watch = new ResizeObserver(entries => {
    for (const scroller of new Set(entries.map(({ target }) => target.closest(".scroller")))) look(scroller);
  });
  for (const scroller of document.querySelectorAll(".scroller")) {
    names.set(scroller, scroller.getAttribute("aria-label"));
    watch.observe(scroller);
    watch.observe(scroller.firstElementChild);
  }
  for (const button of document.querySelectorAll(".hint button")) {
    button.addEventListener("click", () => button.closest("figure").classList.toggle("whole"));
  }

  // Contents: open where there is room, else a bar that opens over the text; either shows which chapter is being read.
  const contents = document.querySelector("nav details");
  const wide = matchMedia("(min-width: 70rem)");
  contents.parentElement.classList.add("bar");
  const fit = () => { contents.open = wide.matches; };
  const fold = () => { if (!wide.matches) contents.open = false; };
  wide.addEventListener("change", fit);
  fit();
  contents.addEventListener("click", event => { if (event.target.closest("a")) fold(); });
  contents.addEventListener("keydown", event => {
    if (event.key !== "Escape" || wide.matches) return;
    fold();
    contents.firstElementChild.focus();
  });
  for (const away of ["focusin", "pointerdown"]) {
    document.addEventListener(away, event => { if (!contents.contains(event.target)) fold(); });
  }
  const here = contents.querySelector(".here");
  const links = new Map([...contents.querySelectorAll("a")].map(link => [link.hash.slice(1), link]));
  const reading = new IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      const link = links.get(target.getAttribute("aria-labelledby"));
      if (isIntersecting) {
        for (const other of links.values()) other.removeAttribute("aria-current");
        link.setAttribute("aria-current", "true");
        here.textContent = link.querySelector("b").textContent;
      }
    }
  }, { rootMargin: "-33% 0px -66% 0px" });
  for (const part of document.querySelectorAll("main > section, footer")) reading.observe(part);
})();
