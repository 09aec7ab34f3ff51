"use strict";
const find = id => document.getElementById(id);
const claims = [...document.querySelectorAll("article")].map(article => ({...article.dataset, article}));
const choices = ["chapter", "kind", "status"].map(find);
const parts = new Map(claims.map(({claim}) => [claim, []]));  // whatever shows a claim: rows, cards, nodes, articles
for (const part of document.querySelectorAll("[data-claim]")) parts.get(part.dataset.claim)?.push(part);

const texts = new Map();  // read when words are first looked for
function said(article) {  // about this claim, and not about those that it builds on or that use it
  if (!texts.has(article)) {
    const copy = article.cloneNode(true);
    for (const others of copy.querySelectorAll(".links")) others.remove();
    texts.set(article, copy.textContent.toLowerCase());
  }
  return texts.get(article);
}

function filter() {
  const words = find("words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const one of claims) {
    const shown = words.every(word => said(one.article).includes(word))
      && choices.every(choice => !choice.value || one[choice.id] === choice.value);
    count += shown;
    for (const part of parts.get(one.claim)) part.classList.toggle("off", !shown);
  }
  for (const group of document.querySelectorAll(".group"))
    group.hidden = !group.querySelector("article:not(.off), .card:not(.off)");
  find("shown").textContent = `${count} of ${claims.length}`;
  find("nothing").hidden = count > 0;
}

function all() {
  find("filters").reset();
  filter();
}

function visit() {  // a link to what is filtered out shows everything again
  const target = find(decodeURIComponent(location.hash.slice(1)));
  if (!target?.closest(".off, [hidden]")) return;
  all();
  target.scrollIntoView();
}

function light({target}) {
  const name = target.closest?.(".node")?.dataset.claim;
  for (const edge of document.querySelectorAll(".edge"))
    edge.classList.toggle("lit", name !== undefined && (edge.dataset.from === name || edge.dataset.to === name));
}

find("filters").addEventListener("input", filter);
find("filters").addEventListener("submit", event => event.preventDefault());
find("all").addEventListener("click", all);
addEventListener("hashchange", visit);
for (const event of ["mouseover", "focusin"]) document.addEventListener(event, light);
document.addEventListener("keydown", event => {
  if (event.key !== "/" || /INPUT|SELECT/.test(document.activeElement.tagName)) return;
  event.preventDefault();
  find("words").focus();
});
filter();  // a browser may have kept the words of an earlier visit
