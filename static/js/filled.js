// Pages that a script fills: copies of their templates with words in the slots, and the shop's clock.

export function filled(id, fill = {}) {
  const node = document.getElementById(id).content.firstElementChild.cloneNode(true);
  for (const [slot, text] of Object.entries(fill)) {
    for (const place of node.querySelectorAll(`[data-slot="${slot}"]`)) {
      place.textContent = text ?? "";
      place.hidden = !text;
    }
  }
  return node;
}

export function clockIn(zone) {
  const form = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone });
  return (moment) => form.format(new Date(moment));
}

// How old a kept list is, in the words `age`, `just_now`, `minutes` and `hours` of its page.
export function ageOf(list, words, clock) {
  const minutes = Math.floor((Date.now() - Date.parse(list.looked_at ?? list.taken_at)) / 60_000);
  const ago = minutes < 1 ? words.just_now : minutes < 60 ? words.minutes.replace("{n}", minutes) : words.hours.replace("{n}", Math.floor(minutes / 60));
  return words.age.replace("{time}", clock(list.taken_at)).replace("{ago}", ago).replace("{erase}", clock(list.erase_at));
}
