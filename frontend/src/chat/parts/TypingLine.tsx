/** Who writes at this moment; its place is kept, so that nothing moves. */
import { t } from "../../i18n/translate";

const NAMED = 2;

export function TypingLine({ names }: { names: readonly string[] }) {
  return (
    <p className="nz-typing">
      {names.length > 0 && (
        <>
          <span className="nz-typing-dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{words(names)}</bdi>
        </>
      )}
    </p>
  );
}

function words(names: readonly string[]): string {
  const [first = "", second = ""] = names;
  if (names.length > NAMED) return t("conversation.typing_several");
  if (names.length === NAMED) return t("conversation.typing_two", { first, second });
  return t("conversation.typing_one", { name: first });
}
