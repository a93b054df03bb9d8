package io.onebox.agent.link;

import io.onebox.agent.linux.Libc;
import io.onebox.agent.linux.RtNetlink;
import io.onebox.agent.linux.RtNetlinkNews;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/// Follows the links of this machine. Belongs to one thread; never waits longer than the kernel takes to list its
/// configuration.
///
/// The news are subscribed to before anything is read, so that no change falls between. After each one that
/// concerns routes they are read anew, for the kernel removes some without a word; and once more when
/// [#settle] is called a little later, for it announces the loss of an address before it removes the
/// routes.
public final class LinkMonitor implements AutoCloseable {

    private final RtNetlink netlink;
    private final RtNetlinkNews news;
    private final LinkTable table;
    private boolean isUnsettled;

    /// @param socketMark `SO_MARK` of the sockets that will use the links
    public LinkMonitor(Libc libc, LinkSelection selection, int socketMark) {
        this.news = new RtNetlinkNews(libc);
        this.netlink = new RtNetlink(libc);
        this.table = new LinkTable(selection, socketMark);
    }

    /// The file descriptor that is readable when [#read] has something to do.
    public int fd() {
        return news.fd();
    }

    /// Reads everything and returns what differs from before: call it first of all.
    public List<LinkEvent> reread() {
        table.replace(netlink.interfaces(), netlink.addresses());
        return update();
    }

    /// Takes the news. To be called whenever [#fd] is readable.
    public List<LinkEvent> read() {
        boolean isComplete = news.read(table::apply);
        isUnsettled |= table.isStale();
        return isComplete ? update() : reread();
    }

    /// Whether [#settle] should be called some hundred milliseconds from now.
    public boolean isUnsettled() {
        return isUnsettled;
    }

    /// Looks at the routes once more.
    public List<LinkEvent> settle() {
        isUnsettled = false;
        readRoutes();
        return table.update();
    }

    /// Takes another selection; returns what that changes.
    public List<LinkEvent> select(LinkSelection selection) {
        table.select(selection);
        return update();
    }

    /// Routes to these addresses count as default routes do; returns what that changes.
    public List<LinkEvent> endpoints(List<InetAddress> endpoints) {
        table.endpoints(endpoints);
        return update();
    }

    /// The links as of the last event.
    public List<Link> links() {
        return table.links();
    }

    /// The interfaces that are no links.
    public List<Unused> unused() {
        return table.unused();
    }

    @Override
    public void close() {
        news.close();
        netlink.close();
    }

    private List<LinkEvent> update() {
        if (table.isStale()) {
            readRoutes();
        }
        return new ArrayList<>(table.update());
    }

    private void readRoutes() {
        table.routes(netlink.routes(), netlink.rules());
    }
}
