/** The types of the catalogues: what a message is, and which values its words need. */
import type call from "./en/call";
import type chat from "./en/chat";
import type common from "./en/common";
import type conversation from "./en/conversation";
import type sessions from "./en/sessions";
import type spaces from "./en/spaces";

/** Forms of a counted message, by the plural rules of its language. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Message = string | Plural;
export type Catalogue = Record<string, Message>;

/** Another language of the same area: exactly the keys of English, plural where English is. */
export type Translation<English extends Catalogue> = {
  [Key in keyof English]: English[Key] extends string ? string : Plural;
};

export type Messages = typeof common &
  typeof sessions &
  typeof call &
  typeof chat &
  typeof conversation &
  typeof spaces;
export type MessageKey = keyof Messages;

type NamesIn<Text> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | NamesIn<Rest>
  : never;
type NamesOf<M> = M extends string ? NamesIn<M> : "count" | NamesIn<M[keyof M]>;
type Values<Names extends string> = {
  [Name in Names]: Name extends "count" ? number : string | number;
};

/** The second argument of `t`: absent if the message has no names in braces. */
export type ValuesOf<Key extends MessageKey> = [NamesOf<Messages[Key]>] extends [never]
  ? []
  : [values: Values<NamesOf<Messages[Key]>>];
