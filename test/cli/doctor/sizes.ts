export const MIB = 2 ** 20;
export const GIB = 2 ** 30;
/** Magic numbers of statfs(2). */
export const EXT4_TYPE = 0xef53;
export const NFS_TYPE = 0x6969;
export const FUSE_TYPE = 0x65735546;
export const TMPFS_TYPE = 0x01021994;
