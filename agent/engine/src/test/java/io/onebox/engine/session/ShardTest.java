package io.onebox.engine.session;

/// Three engines that share the clients of one server. Whichever gets a packet, it reaches the session it belongs to.
class ShardTest {}
