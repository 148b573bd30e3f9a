"use strict";
// Numbers, units and times as people write them.
(() => {
  const page = (window.inframetrics = window.inframetrics || {});
  const root = document.documentElement.dataset;
  const zone = root.zone || "UTC";

  // Each unit is a step of a scale: 1,500 Kilobits are 1.5 Mbit.
  const SCALES = [
    {factor: 1000, steps: ["µs", "ms", "s"], names: ["Microseconds", "Milliseconds", "Seconds"]},
    {factor: 1024, steps: ["B", "KiB", "MiB", "GiB", "TiB", "PiB"], names: ["Bytes"]},
    {factor: 1000, steps: ["B", "kB", "MB", "GB", "TB", "PB"], names: ["", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes"]},
    {factor: 1000, steps: ["bit", "kbit", "Mbit", "Gbit", "Tbit"], names: ["Bits", "Kilobits", "Megabits", "Gigabits", "Terabits"]},
  ];
  const SIGNS = {Percent: "%", None: "", Count: "", "Count/Second": "/s"};

  /** Three digits, four from a thousand on: 0.12, 37.7, 120, 12,350. */
  function number(value) {
    if (value === 0 || !Number.isFinite(value)) {
      return String(value);
    }
    const size = Math.abs(value);
    if (size >= 1e12 || size < 1e-6) {
      return value.toExponential(2).replace("e+", "e");
    }
    return value.toLocaleString("en-US", {maximumSignificantDigits: size >= 1000 ? 4 : 3});
  }

  /** 37.7 %, 120 Mbit/s, 1.5 GiB. */
  function value(amount, unit) {
    if (amount === null || amount === undefined) {
      return "no value";
    }
    if (unit in SIGNS) {
      return SIGNS[unit] ? number(amount) + " " + SIGNS[unit] : number(amount);
    }
    const perSecond = unit.endsWith("/Second");
    const base = perSecond ? unit.slice(0, -"/Second".length) : unit;
    const scale = SCALES.find((one) => one.names.includes(base));
    if (!scale) {
      return number(amount) + " " + unit;
    }
    let step = scale.names.indexOf(base);
    let scaled = amount;
    while (Math.abs(scaled) >= scale.factor && step < scale.steps.length - 1) {
      scaled /= scale.factor;
      step++;
    }
    while (scaled !== 0 && Math.abs(scaled) < 1 && step > 0) {
      scaled *= scale.factor;
      step--;
    }
    return number(scaled) + " " + scale.steps[step] + (perSecond ? "/s" : "");
  }

  const options = {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit",
  };
  let parts = null;
  try {
    parts = new Intl.DateTimeFormat("en-US", options);
  } catch (e) {
    // The browser does not know the zone: the offset at the time of the run is near enough.
    if (!(e instanceof RangeError)) {
      throw e;
    }
  }

  /** A date whose local fields are those of the page's zone. */
  function zoned(seconds) {
    if (!parts || zone === "UTC") {
      const date = new Date((seconds + (parts ? 0 : Number(root.offset || 0))) * 1000);
      return new Date(date.getTime() + date.getTimezoneOffset() * 60000);
    }
    const found = {};
    for (const part of parts.formatToParts(new Date(seconds * 1000))) {
      found[part.type] = Number(part.value);
    }
    return new Date(found.year, found.month - 1, found.day, found.hour, found.minute, found.second);
  }

  const two = (n) => String(n).padStart(2, "0");

  function day(seconds) {
    const date = zoned(seconds);
    return date.getFullYear() + "-" + two(date.getMonth() + 1) + "-" + two(date.getDate());
  }

  function clock(seconds) {
    const date = zoned(seconds);
    return two(date.getHours()) + ":" + two(date.getMinutes());
  }

  /** 2026-11-28 13:22, in the page's zone, which the page names once. */
  function time(seconds) {
    return day(seconds) + " " + clock(seconds);
  }

  function plural(amount, noun) {
    return amount.toLocaleString("en-US", {maximumFractionDigits: 1}) + " " + noun + (amount === 1 ? "" : "s");
  }

  /** 45 s, 90 min, 2 h, 2.5 h, 3 days. */
  function duration(seconds) {
    const size = Math.abs(seconds);
    if (size < 60) {
      return Math.round(seconds) + " s";
    }
    if (size < 120 * 60 && size !== 3600) {
      return Math.round(seconds / 60) + " min";
    }
    return size < 48 * 3600 && size !== 86400
      ? Number((seconds / 3600).toFixed(1)) + " h"
      : plural(Number((seconds / 86400).toFixed(1)), "day");
  }

  /** The id of the element that a link to a series leads to; the server makes the same. */
  function anchor(seriesId) {
    return "series-" + seriesId.replace(/[^A-Za-z0-9.-]/g, (c) => "_" + c.charCodeAt(0).toString(16));
  }

  page.format = {number, value, time, day, clock, duration, plural, zoned, zone};
  page.anchor = anchor;
})();
