// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import static org.frameferry.Misuse.CONCURRENT;
import static org.frameferry.Misuse.FOREIGN;
import static org.frameferry.Misuse.NEGATIVE;
import static org.frameferry.Misuse.NULL;
import static org.frameferry.Misuse.TOO_LARGE;
import static org.frameferry.MisuseRow.row;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// [Udp], [Loop] and [Device]: descriptions that never change.
final class MisuseOfDevice {
    private static final InetSocketAddress LOCAL = new InetSocketAddress("127.0.0.1", 0);
    private static final InetSocketAddress NOWHERE = InetSocketAddress.createUnresolved("no.such.host.invalid", 9);

    private MisuseOfDevice() {
    }

    static List<MisuseRow> rows() {
        List<MisuseRow> rows = new ArrayList<>();
        rows.add(works("bind(String, int)", null, "127.0.0.1", 0)
                .refuses(NULL, NullPointerException.class, _ -> Udp.bind(null, 0))
                .refuses(NEGATIVE, IllegalArgumentException.class, _ -> Udp.bind("127.0.0.1", -1))
                .refuses(TOO_LARGE, IllegalArgumentException.class, _ -> Udp.bind("127.0.0.1", 65536))
                .refuses(FOREIGN, "no such host: ", FerryException.class, _ -> Udp.bind("[", 0)));
        rows.add(works("bind(InetSocketAddress)", null, LOCAL)
                .refuses(NULL, NullPointerException.class, _ -> Udp.bind(null))
                .refuses(FOREIGN, "no such host: ", FerryException.class, _ -> Udp.bind(NOWHERE)));
        rows.add(works("connect(InetSocketAddress)", udp(), LOCAL)
                .refuses(NULL, NullPointerException.class, _ -> udp().connect(null))
                .refuses(FOREIGN, "of the other family: ", IllegalArgumentException.class,
                        _ -> udp().connect(new InetSocketAddress("::1", 9)))
                .refuses(FOREIGN, "no such host: ", FerryException.class, _ -> udp().connect(NOWHERE)));
        for (String name : List.of("receiveBuffer(int)", "sendBuffer(int)")) {
            MisuseRow row = works(name, udp(), 1);
            rows.add(row.refuses(NEGATIVE, IllegalArgumentException.class, _ -> row.call(udp(), -1))
                    .refuses(TOO_LARGE, IllegalArgumentException.class, _ -> row.call(udp(), (1 << 30) + 1),
                            _ -> row.call(udp(), Integer.MAX_VALUE)));
        }
        for (String name : List.of("timestamps(boolean)", "reusePort(boolean)", "v6Only(boolean)")) {
            rows.add(works(name, udp(), true));
        }
        MisuseRow loop = row(Loop.class, "device()");
        rows.add(loop.gives(CONCURRENT, "works",
                _ -> MisuseRace.run(() -> { }, () -> loop.call(null), null, _ -> { })));
        rows.add(load());
        return rows;
    }

    private static MisuseRow load() {
        Path library = DeviceLibraryTest.NONSENSE;
        MisuseRow row = row(Device.class, "load(Path, String, String)");
        return row.refuses(NULL, NullPointerException.class, _ -> Device.load(null, "nonsense", ""),
                        _ -> Device.load(library, null, ""), _ -> Device.load(library, "nonsense", null))
                .refuses(FOREIGN, "no device's library, or without the symbol: ", FerryException.class,
                        _ -> Device.load(Path.of("missing.so"), "nonsense", ""),
                        _ -> Device.load(library, "sense", ""), _ -> Device.load(library, "", ""))
                .refuses(FOREIGN, "a config with a character 0: ", IllegalArgumentException.class,
                        _ -> Device.load(library, "nonsense", "a\0b"))
                .gives(CONCURRENT, "works",
                        _ -> MisuseRace.run(() -> { }, () -> row.call(null, library, "nonsense", ""), null, _ -> { }));
    }

    private static Udp udp() {
        return Udp.bind(LOCAL);
    }

    private static MisuseRow works(String signature, Udp udp, Object... arguments) {
        MisuseRow row = row(Udp.class, signature);
        return row.gives(CONCURRENT, "works",
                _ -> MisuseRace.run(() -> { }, () -> row.call(udp, arguments), null, _ -> { }));
    }
}
