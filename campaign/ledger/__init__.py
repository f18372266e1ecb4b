"""The ballot log: every act at the ballot box as a leaf of a public Merkle tree, so that a change afterwards shows."""
