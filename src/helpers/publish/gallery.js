// What a gallery does beyond being read: search, and the place that is pointed at is outlined and named. Without it
// every report can still be reached from the map and from the table.
"use strict";
(() => {
  const areas = new Map([...document.querySelectorAll(".sheet [data-ags]")].map(area => [area.dataset.ags, area]));
  const rows = [...document.querySelectorAll("tr[data-ags]")];

  // Search: every word of the query somewhere in the row; umlauts may be written out or left out.
  const written = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };
  const plain = text => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss");
  const found = rows.map(row => {
    const text = row.textContent.normalize("NFC").toLowerCase();
    return `${text} ${plain(text)} ${text.replace(/[äöüß]/g, letter => written[letter])}`;
  });
  const box = document.querySelector("#search");
  const count = document.querySelector(".search output b");
  const nothing = document.querySelector(".nothing");
  function search() {
    const words = box.value.normalize("NFC").toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, number) => {
      const fits = words.every(word => found[number].includes(word));
      row.hidden = !fits;
      areas.get(row.dataset.ags)?.classList.toggle("off", !fits);
      shown += fits;
    });
    count.textContent = String(shown);
    nothing.hidden = shown > 0;
  }
  document.querySelector(".search").hidden = false;
  box.addEventListener("input", search);
  addEventListener("pageshow", search);

  // The place pointed at: its outline on top of its neighbours, its words under the map.
  const ring = document.querySelector(".ring");
  const pointed = document.querySelector(".pointed");
  function point(ags) {
    const area = areas.get(ags);
    ring.replaceChildren(...(area ? [area.firstElementChild.cloneNode()] : []));
    pointed.textContent = area ? area.getAttribute("aria-label") : "";
  }
  for (const over of ["focusin", "pointerover"]) {
    document.querySelector("main").addEventListener(over, event =>
      point(event.target.closest("[data-ags]")?.dataset.ags));
  }
})();
