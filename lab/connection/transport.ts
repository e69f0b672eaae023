/** A way to an engine: a WebSocket, or a MessagePort. Messages are JSON-able values. */
export interface Transport {
  send(message: unknown): void;
  /** Ends it; its `onClose` is not called any more. */
  close(): void;
}

export interface TransportEvents {
  onOpen(): void;
  onMessage(message: unknown): void;
  onClose(): void;
}

export type OpenTransport = (events: TransportEvents) => Transport;

/** Where the page came from there is its engine. */
export const webSocketTo =
  (url: string): OpenTransport =>
  (events) => {
    const socket = new WebSocket(url);
    socket.onopen = () => events.onOpen();
    socket.onmessage = ({ data }) => events.onMessage(JSON.parse(data as string));
    socket.onclose = () => events.onClose();
    return {
      send: (message) => socket.send(JSON.stringify(message)),
      close: () => {
        socket.onclose = null;
        socket.close();
      },
    };
  };
