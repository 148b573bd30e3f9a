"use strict";
// Only in a page that is served: shows the page of the next run when there is one. A page that nobody has touched
// is replaced at once; a reader is asked first, and finds the place again.
(() => {
  const SECONDS = 5;
  const PLACE = "inframetrics-place";
  let shown = null;
  let touched = false;
  for (const what of ["pointerdown", "keydown", "wheel"]) {
    addEventListener(what, () => { touched = true; }, {once: true, passive: true, capture: true});
  }

  const bar = document.createElement("p");
  bar.className = "live";
  bar.setAttribute("role", "status");
  bar.hidden = true;
  document.body.prepend(bar);
  let said = "";
  function say(text, button) {
    if (text !== said) {
      said = text;
      bar.hidden = text === "";
      bar.replaceChildren(text + " ", ...(button ? [button] : []));
    }
  }

  // The browser itself scrolls back to where it was.
  function load() {
    const open = [...document.querySelectorAll("details[id]")].map((one) => [one.id, one.open]);
    const typed = [...document.querySelectorAll("input[id], select[id]")].map((one) => [one.id, one.value]);
    sessionStorage.setItem(PLACE, JSON.stringify({open, typed}));
    location.reload();
  }
  const again = JSON.parse(sessionStorage.getItem(PLACE) || "null");
  sessionStorage.removeItem(PLACE);
  for (const [id, open] of again ? again.open : []) {
    const one = document.getElementById(id);
    if (one) {
      one.open = open;
    }
  }
  for (const [id, value] of again ? again.typed : []) {
    const one = document.getElementById(id);
    if (one && one.value !== value) {
      one.value = value;
      one.dispatchEvent(new Event("input", {bubbles: true}));
      one.dispatchEvent(new Event("change", {bubbles: true}));
    }
  }

  async function check() {
    if (document.hidden) {
      return;
    }
    let run;
    try {
      const answer = await fetch(location.pathname, {method: "HEAD", cache: "no-store"});
      run = answer.ok ? answer.headers.get("ETag") : null;
    } catch {
      say("The monitor does not answer; this is the last page that it served.");
      return;
    }
    if (run === null) {
      return;
    }
    if (shown === null) {
      shown = run;
    }
    if (run === shown) {
      say("");
    } else if (touched) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = "Show it";
      button.addEventListener("click", load);
      say("There is a newer run.", button);
    } else {
      load();
    }
  }
  check();
  setInterval(check, SECONDS * 1000);
  document.addEventListener("visibilitychange", check);
})();
