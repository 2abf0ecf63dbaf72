import { render, screen, waitFor } from "@testing-library/react";
import { expect, test, vi } from "vitest";

import { FakeSource } from "../core/fakeSource";
import { sampleMessage } from "../core/samples";
import { DeleteQuestion, ReportQuestion } from "./Questions";

test.each([DeleteQuestion, ReportQuestion])(
  "the focus comes back to the message that %o was about: its keys are gone by then",
  async (Question) => {
    const row = (
      <div data-message="m1">
        <article tabIndex={-1} />
      </div>
    );
    const question = (
      <Question source={new FakeSource()} message={sampleMessage(1)} onClose={vi.fn()} />
    );
    const { rerender } = render([row, question].map((part, key) => <div key={key}>{part}</div>));
    expect(screen.getByRole("article")).not.toBe(document.activeElement);
    rerender([<div key={0}>{row}</div>]);
    await waitFor(() => expect(document.activeElement).toBe(screen.getByRole("article")));
  },
);
