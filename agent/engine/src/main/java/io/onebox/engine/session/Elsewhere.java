package io.onebox.engine.session;

/// A peer whose session another shard has.
///
/// @param shard its number
record Elsewhere(int shard, PeerConfig config) implements Owner {}
