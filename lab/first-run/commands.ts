/** Programs that can open a connection from a person's own machine. Their names are the same in every language. */
export const TOOLS = ["nc", "telnet", "Python", "Node", "PowerShell"] as const;

export type Tool = (typeof TOOLS)[number];

/** Splits `"127.0.0.1:8888"`, whose address may be IPv6 in brackets. */
export function splitEndpoint(endpoint: string): { readonly address: string; readonly port: string } {
  const colon = endpoint.lastIndexOf(":");
  return { address: endpoint.slice(0, colon).replace(/^\[|\]$/g, ""), port: endpoint.slice(colon + 1) };
}

/** What to type into a terminal of one's own to open a connection, and leave it open. @param at `"127.0.0.1:8888"` */
export function commandOf(tool: Tool, at: string): string {
  const { address, port } = splitEndpoint(at);
  switch (tool) {
    case "nc":
      return `nc ${address} ${port}`;
    case "telnet":
      return `telnet ${address} ${port}`;
    case "Python":
      return `python3 -c "import socket; s = socket.create_connection(('${address}', ${port})); print(s.recv(1024).decode()); input()"`;
    case "Node":
      return `node -e "const s = require('net').connect(${port}, '${address}'); process.stdin.pipe(s).pipe(process.stdout)"`;
    case "PowerShell":
      return `$c = [Net.Sockets.TcpClient]::new('${address}', ${port}); [IO.StreamReader]::new($c.GetStream()).ReadLine()`;
  }
}

/** The same from a host of the network itself. @param to `"chat:8888"` */
export function inside(to: string): string {
  const { address, port } = splitEndpoint(to);
  return `nc ${address} ${port}`;
}
