package io.onebox.engine.noise;

/// How the two sides of a handshake call it, and which side we are.
///
/// @param local what the peer puts into datagrams to us
/// @param remote what we put into datagrams to the peer
/// @param initiator whether we began
record HandshakeIndices(int local, int remote, boolean initiator) {}
