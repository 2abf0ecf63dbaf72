/** Brings the way to a chat that is over when its page is there: nobody waits for it. */
import { lazy, Suspense } from "react";

import { loadMessages } from "../../i18n/load";

const ReadChat = lazy(async () => {
  try {
    const [loaded] = await Promise.all([
      import("./ReadChat"),
      loadMessages("chat", "conversation"),
    ]);
    return loaded;
  } catch {
    return { default: () => null };
  }
});

type ReadChatLaterProps = { slug: string; participantId: string | null };

export function ReadChatLater(props: ReadChatLaterProps) {
  return (
    <Suspense fallback={null}>
      <ReadChat {...props} />
    </Suspense>
  );
}
