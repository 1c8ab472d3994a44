// time[data-countdown]: says how long is left until its datetime, once a minute, in the words the page gave.

function say(place) {
  const left = Math.ceil((new Date(place.dateTime) - Date.now()) / 60000);
  if (left <= 0) {
    place.textContent = place.dataset.over;
    return;
  }
  if (left > 24 * 60) return;
  const words = left >= 60 ? place.dataset.hours : place.dataset.minutes;
  place.textContent = words.replace("{h}", Math.floor(left / 60)).replace("{m}", left >= 60 ? left % 60 : left);
}

const places = document.querySelectorAll("time[data-countdown]");
const sayAll = () => places.forEach(say);
if (places.length) {
  sayAll();
  setInterval(sayAll, 15000);
}
