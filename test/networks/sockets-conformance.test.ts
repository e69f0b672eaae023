/** One suite, two makers: a program cannot tell a virtual host's sockets from the operating system's. */
import "./sockets/stream-suite.ts";
import "./sockets/error-suite.ts";
import "./sockets/datagram-suite.ts";
import "./sockets/option-suite.ts";
