"use strict";
// Draws the charts of findings as they are scrolled to.
(() => {
  const page = window.inframetrics;
  const MOST = 50; // charts at once: each has a canvas
  const figures = [...document.querySelectorAll("figure[data-series]")];
  const shown = []; // the one drawn last comes last

  function drawFigure(figure) {
    const place = figure.querySelector(".chart");
    const at = shown.indexOf(figure);
    if (at >= 0) {
      shown.splice(at, 1);
      shown.push(figure);
      return;
    }
    const series = figure.dataset.series;
    const chart = page.chartOf(series, figure.dataset.analysis === "forecast");
    if (!chart) {
      place.classList.add("without");
      place.textContent = "No chart of this series.";
      watch.unobserve(figure);
      return;
    }
    page.draw(place, chart, page.findings().filter((finding) => finding.series_id === series));
    shown.push(figure);
    if (shown.length > MOST) {
      const oldest = shown.shift();
      const old = oldest.querySelector(".chart");
      // What is above must not move when the chart goes.
      old.style.minHeight = old.offsetHeight + "px";
      page.erase(old);
    }
  }

  const watch = new IntersectionObserver(
    (entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => drawFigure(entry.target)),
    {rootMargin: "300px 0px"});
  figures.forEach((figure) => watch.observe(figure));

  addEventListener("beforeprint", () => {
    document.documentElement.classList.add("printing");
    figures.slice(0, MOST).forEach(drawFigure);
    for (const details of document.querySelectorAll("details:not([open]):not(.chart-table)")) {
      details.open = true;
      details.dataset.closed = "";
    }
    page.repaint();
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("printing");
    for (const details of document.querySelectorAll("details[data-closed]")) {
      details.open = false;
      delete details.dataset.closed;
    }
    page.repaint();
    // Printing may have taken charts away that are in sight.
    figures.forEach((figure) => {
      watch.unobserve(figure);
      watch.observe(figure);
    });
  });

  if (page.fleet) {
    page.fleet();
  }
})();
