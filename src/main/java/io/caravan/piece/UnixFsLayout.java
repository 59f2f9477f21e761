package io.caravan.piece;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;

/**
 * How a file is cut and linked: two imports of one file agree on the root only when they agree on all of this.
 *
 * @param chunkBytes payload bytes of a leaf
 * @param linksPerNode most links of an inner node
 * @param hashFunction multihash code of the CIDs: sha2-256 or blake2b-256
 * @param inlineBytes blocks of at most this many bytes go into their CID (identity hash); -1 for never
 */
public record UnixFsLayout(int chunkBytes, int linksPerNode, long hashFunction, int inlineBytes) {
    /** As Lotus imports: 1 MiB raw leaves, 1024 links, blake2b-256, blocks up to 126 bytes inline. */
    public static final UnixFsLayout LOTUS = new UnixFsLayout(1 << 20, 1024, Multihash.BLAKE2B_256, 126);

    public UnixFsLayout {
        if (chunkBytes < 1 || chunkBytes > Block.MAX_BYTES / 2 || linksPerNode < 2 || linksPerNode > 8192) {
            throw new IllegalArgumentException("No layout of " + chunkBytes + " bytes and " + linksPerNode + " links");
        }
        if (hashFunction != Multihash.SHA2_256 && hashFunction != Multihash.BLAKE2B_256) {
            throw new IllegalArgumentException("UnixFS blocks are named by sha2-256 or blake2b-256");
        }
        if (inlineBytes > 256) {
            throw new IllegalArgumentException("A CID carries at most 256 bytes inline here");
        }
    }

    /** Names a block as this layout does. */
    Block block(long codec, byte[] data) {
        Multihash hash;
        if (data.length <= inlineBytes) {
            hash = new Multihash(Multihash.IDENTITY, Bytes.of(data));
        } else {
            hash = hashFunction == Multihash.SHA2_256 ? Multihash.sha256(data) : Multihash.blake2b256(data);
        }
        return new Block(Cid.v1(codec, hash), data);
    }
}
