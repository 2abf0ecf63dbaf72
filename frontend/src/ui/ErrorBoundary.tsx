/** Keeps a part of the page that breaks, or whose code does not arrive, from taking the rest with it. */
import { Component, type ReactNode } from "react";

type ErrorBoundaryProps = { onError: () => void; children: ReactNode };

export class ErrorBoundary extends Component<ErrorBoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(): void {
    this.props.onError();
  }

  override render(): ReactNode {
    return this.state.broken ? null : this.props.children;
  }
}
