
"use strict";
// Sorting, filtering and folding of the findings. The page says the same without it.
(function () {
  var table = document.getElementById("table");
  if (!table) return;
  document.documentElement.classList.add("js");
  var findings = Array.prototype.slice.call(table.tBodies);
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  var form = document.getElementById("filter");
  var search = document.getElementById("q");
  var shown = document.getElementById("shown");
  var fields = ["severity", "rule", "caller", "state"];
  var collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  var texts = new Map();

  function open(body, yes) {
    body.classList.toggle("opened", yes);
    body.querySelector("button.open").setAttribute("aria-expanded", String(yes));
  }

  findings.forEach(function (body) {
    texts.set(body, body.textContent.toLowerCase());
    var title = body.querySelector(".title");
    var button = document.createElement("button");
    button.type = "button";
    button.className = "open";
    button.setAttribute("aria-controls", body.id + "-evidence");
    while (title.firstChild) button.appendChild(title.firstChild);
    title.appendChild(button);
    open(body, false);
    body.rows[0].addEventListener("click", function (event) {
      // A selection made with the mouse is not a wish to open.
      if (event.target.closest("button") || String(window.getSelection()) === "") {
        open(body, !body.classList.contains("opened"));
        label();
      }
    });
  });

  // What stands in a column, as sorted by.
  function key(body, column) {
    if (column === 0) return Number(body.dataset.rank);
    if (column === 1) return body.dataset.time;
    return body.rows[0].cells[column].textContent;
  }

  function sort(column, down) {
    var sign = down ? -1 : 1;
    findings.sort(function (a, b) {
      var x = key(a, column), y = key(b, column);
      var order = column === 0 ? x - y : column === 1 ? (x < y ? -1 : x > y ? 1 : 0) : collator.compare(x, y);
      if (order !== 0) return sign * order;
      return a.dataset.time < b.dataset.time ? -1 : a.dataset.time > b.dataset.time ? 1 : 0;
    });
    findings.forEach(function (body) { table.appendChild(body); });
    heads.forEach(function (head, i) {
      if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  heads.forEach(function (head, column) {
    var button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var now = head.getAttribute("aria-sort");
      sort(column, now ? now === "ascending" : column === 0);
    });
  });

  fields.forEach(function (field) {
    var select = document.getElementById("by-" + field), seen = new Set();
    findings.forEach(function (body) {
      if (body.dataset[field] !== "") seen.add(body.dataset[field]);
    });
    var values = Array.from(seen);
    // Severities stand in the order of the page, the others by name.
    if (field !== "severity") values.sort(collator.compare);
    values.forEach(function (value) {
      var option = document.createElement("option");
      option.value = option.textContent = value;
      select.appendChild(option);
    });
  });

  function filter() {
    var words = search.value.toLowerCase().split(/\s+/).filter(Boolean), count = 0;
    findings.forEach(function (body) {
      var fits = words.every(function (word) { return texts.get(body).indexOf(word) >= 0; }) &&
        fields.every(function (field) {
          var wanted = document.getElementById("by-" + field).value;
          return wanted === "" || body.dataset[field] === wanted;
        });
      body.hidden = !fits;
      if (fits) count++;
    });
    shown.textContent = count === findings.length ? findings.length + " findings" : count + " of " + findings.length + " findings";
    document.getElementById("none").hidden = count > 0;
    label();
  }

  var all = document.getElementById("all");
  function visible() { return findings.filter(function (body) { return !body.hidden; }); }
  function allOpen() {
    var list = visible();
    return list.length > 0 && list.every(function (body) { return body.classList.contains("opened"); });
  }
  function label() { all.textContent = allOpen() ? "Close all evidence" : "Open all evidence"; }
  all.addEventListener("click", function () {
    var yes = !allOpen();
    visible().forEach(function (body) { open(body, yes); });
    label();
  });

  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("input", filter);
  form.addEventListener("reset", function () { setTimeout(filter, 0); });

  // A link to a finding opens it, and shows it if the filter hid it.
  function follow() {
    var body = findings.find(function (one) { return "#" + one.id === location.hash; });
    if (!body) return;
    if (body.hidden) { form.reset(); filter(); }
    open(body, true);
    label();
    body.scrollIntoView({ block: "nearest" });
    body.querySelector("button.open").focus({ preventScroll: true });
  }
  window.addEventListener("hashchange", follow);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a");
    if (link && link.getAttribute("href") === location.hash) setTimeout(follow, 0);
  });

  form.hidden = false;
  filter();
  follow();
})();
