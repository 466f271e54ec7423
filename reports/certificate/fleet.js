// Sorting and filtering; the page says everything without them. What a host said is only ever read as text.
const table = document.getElementById("matrix");
const body = table.tBodies[0];
const headings = [...table.tHead.rows[0].cells];
const names = headings.map((heading) => heading.textContent);
const [form, decision, rule, text, shown] = ["filters", "decision", "rule", "text", "shown"].map((id) => document.getElementById(id));
const rows = [...body.rows].map((row, place) => {
  const cells = [...row.cells].map((cell) => cell.textContent.trim());
  return { row, cells, place, text: [cells[0], cells[1], cells.at(-1)].join("\n").toLowerCase() };
});

function filter() {
  const wanted = text.value.trim().toLowerCase();
  const at = rule.value ? names.indexOf(rule.value) : -1;
  let count = 0;
  for (const { row, cells, text } of rows) {
    row.hidden = !((!decision.value || cells[1] === decision.value) && (at < 0 || cells[at]) && text.includes(wanted));
    count += row.hidden ? 0 : 1;
  }
  shown.textContent = `${count} of ${rows.length} hosts`;
}

const order = new Intl.Collator(undefined, { numeric: true });
const worst = [...decision.options].map((option) => option.textContent);
const signs = "✖?✎!·";
function key(cells, at) {
  if (at === 1) return worst.indexOf(cells[1]);
  if (at === 2 || at === 3) return -Number(cells[at]);
  return cells[at] ? signs.indexOf(cells[at]) : signs.length;
}

function sort(heading, at) {
  const up = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of headings) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up === 1 ? "ascending" : "descending");
  const words = at === 0 || at === names.length - 1;
  rows.sort((one, other) => up * (words ? order.compare(one.cells[at], other.cells[at]) : key(one.cells, at) - key(other.cells, at)) || one.place - other.place);
  body.append(...rows.map(({ row }) => row));
}

headings.forEach((heading, at) => {
  const button = document.createElement("button");
  button.textContent = names[at];
  heading.prepend(button); // beside the text: on the further pages of a print, browsers show no button
  button.addEventListener("click", () => sort(heading, at));
});
for (const field of [decision, rule, text]) field.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("reset", () => setTimeout(filter));
form.hidden = false;
