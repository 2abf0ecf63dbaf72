/** Fills what the server's template of a person leaves open. */

import { initials } from "../../ui/initials";

type Person = { display_name: string; color: number; avatar_url: string | null };

/** A new element of a `<template>`, or null on a page that has none. */
export function cloneTemplate(id: string): HTMLElement | null {
  const template = document.getElementById(id);
  if (!(template instanceof HTMLTemplateElement)) return null;
  return (template.content.firstElementChild?.cloneNode(true) as HTMLElement | undefined) ?? null;
}

export function fillPerson(element: HTMLElement, person: Person): void {
  const name = element.querySelector("[data-name]");
  if (name && name.textContent !== person.display_name) name.textContent = person.display_name;
  const avatar = element.matches(".nz-avatar")
    ? element
    : element.querySelector<HTMLElement>(".nz-avatar");
  if (avatar) fillAvatar(avatar, person);
}

function fillAvatar(avatar: HTMLElement, person: Person): void {
  for (const name of [...avatar.classList]) {
    if (/^nz-person-\d+$/.test(name)) avatar.classList.remove(name);
  }
  avatar.classList.add(`nz-person-${person.color}`);
  if (!person.avatar_url) {
    avatar.textContent = initials(person.display_name);
    return;
  }
  const picture = avatar.querySelector("img") ?? document.createElement("img");
  picture.alt = "";
  if (picture.getAttribute("src") !== person.avatar_url) picture.src = person.avatar_url;
  if (!picture.isConnected || avatar.childNodes.length !== 1) avatar.replaceChildren(picture);
}
