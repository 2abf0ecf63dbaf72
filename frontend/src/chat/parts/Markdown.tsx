/** Draws the tree of a message's markdown: elements of ours around words, and never HTML of theirs. */
import { createElement, Fragment } from "react";

import { classes } from "../../ui/classes";
import type { Block, Inline, List } from "../core/markdown";

type BlocksProps = { blocks: readonly Block[]; meId: string | null };

/* A tree that is drawn once has no better names for its parts than their places. */

export function Blocks({ blocks, meId }: BlocksProps) {
  return blocks.map((block, place) => <BlockOf key={place} block={block} meId={meId} />);
}

function BlockOf({ block, meId }: { block: Block; meId: string | null }) {
  switch (block.kind) {
    case "paragraph":
      return (
        <p dir="auto">
          <Inlines nodes={block.children} meId={meId} />
        </p>
      );
    case "code":
      return (
        // What is wider than the place scrolls, also by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <pre dir="ltr" tabIndex={0}>
          <code>{block.text}</code>
        </pre>
      );
    case "quote":
      return (
        <blockquote dir="auto">
          <Blocks blocks={block.children} meId={meId} />
        </blockquote>
      );
    case "list":
      return <ListOf list={block} meId={meId} />;
  }
}

function ListOf({ list, meId }: { list: List; meId: string | null }) {
  const items = list.items.map((item, place) => (
    <li key={place} dir="auto">
      <Inlines nodes={item.children} meId={meId} />
      {item.list && <ListOf list={item.list} meId={meId} />}
    </li>
  ));
  return list.ordered ? <ol start={list.start}>{items}</ol> : <ul>{items}</ul>;
}

function Inlines({ nodes, meId }: { nodes: readonly Inline[]; meId: string | null }) {
  return nodes.map((node, place) => (
    <Fragment key={place}>
      <InlineOf node={node} meId={meId} />
    </Fragment>
  ));
}

const TAGS = { strong: "strong", em: "em", strike: "s" } as const;

function InlineOf({ node, meId }: { node: Inline; meId: string | null }) {
  switch (node.kind) {
    case "text":
      return node.text;
    case "break":
      return <br />;
    case "code":
      return <code dir="ltr">{node.text}</code>;
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          <bdi dir="ltr">{node.text}</bdi>
        </a>
      );
    case "mention": {
      const isMe = node.user_id === null || node.user_id === meId;
      return <bdi className={classes("nz-mention", isMe && "nz-mention-me")}>{node.text}</bdi>;
    }
    default:
      return createElement(TAGS[node.kind], null, <Inlines nodes={node.children} meId={meId} />);
  }
}
