/**
 * The numbers of the pcapng file format (draft-ietf-opsawg-pcapng), as far as they are written or read here. A file is
 * a row of blocks: type, total length, body padded to 32 bits, total length again.
 */
export const BLOCK_SECTION = 0x0a0d0d0a;
export const BLOCK_INTERFACE = 1;
/** Packet block of old files (§A), still to be met. */
export const BLOCK_OLD_PACKET = 2;
export const BLOCK_SIMPLE_PACKET = 3;
export const BLOCK_ENHANCED_PACKET = 6;
export const BLOCK_SECRETS = 10;

/** Reads so in the byte order of the section, and 0x4d3c2b1a in the other. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

export const OPTION_END = 0;
export const OPTION_COMMENT = 1;
export const OPTION_SECTION_APPLICATION = 4;
export const OPTION_INTERFACE_NAME = 2;
export const OPTION_INTERFACE_DESCRIPTION = 3;
export const OPTION_INTERFACE_MAC = 6;
export const OPTION_INTERFACE_TIME_RESOLUTION = 9;
export const OPTION_INTERFACE_TIME_OFFSET = 14;
export const OPTION_PACKET_FLAGS = 2;
export const OPTION_PACKET_ID = 5;

/** epb_flags, bits 0–1: which way the packet went. */
export const FLAG_INBOUND = 1;
export const FLAG_OUTBOUND = 2;
/** epb_flags, bit 24: the frame check sequence was wrong. */
export const FLAG_CRC_ERROR = 1 << 24;

/** Lines of a TLS key log, as NSS writes them: "TLSK". */
export const SECRETS_TLS = 0x544c534b;

export const LINK_TYPE_ETHERNET = 1;

/** The size of a field rounded up to 32 bits. */
export const padded = (length: number): number => (length + 3) & ~3;
