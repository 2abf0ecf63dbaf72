/** What the parts of one conversation share. */
import { createContext, use } from "react";

import type { ChatSource, Message, Who } from "../core/types";

export type Variant = "channel" | "panel";

export type Conversing = {
  source: ChatSource;
  variant: Variant;
  me: Who;
  canModerate: boolean;
  canWrite: boolean;
  onReply: (message: Message) => void;
  onEdit: (message: Message) => void;
  onDelete: (message: Message) => void;
  onReport: (message: Message) => void;
  /** To the message that was answered. */
  onJump: (id: string) => void;
  onLatest: () => void;
};

export const ConversationContext = createContext<Conversing | null>(null);

export function useConversing(): Conversing {
  const conversing = use(ConversationContext);
  if (!conversing) throw new Error("A part of a conversation stands outside of one.");
  return conversing;
}
