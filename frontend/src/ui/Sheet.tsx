/** A dialog at the bottom of a phone's page. */
import { Modal, type ModalProps } from "./Modal";

export function Sheet(props: Omit<ModalProps, "shape">) {
  return <Modal {...props} shape="sheet" />;
}
