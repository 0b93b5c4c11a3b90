// SPDX-License-Identifier: Apache-2.0
package org.frameferry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Which thread something belongs to: the first that uses it, until that thread unbinds it or ends.
///
/// The check is one plain read: a thread reads its own name in `owner` only if it wrote it itself.
final class ThreadBinding {
    private static final VarHandle OWNER;

    static {
        try {
            OWNER = MethodHandles.lookup().findVarHandle(ThreadBinding.class, "owner", Thread.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String what;
    private Thread owner;

    /// @param what what belongs to the thread, for messages: "this batch"
    ThreadBinding(String what) {
        this.what = what;
    }

    /// Binds to the current thread if unbound.
    ///
    /// @throws WrongThreadException if bound to another thread that is alive
    void check() {
        if (owner != Thread.currentThread()) {
            bind();
        }
    }

    private void bind() {
        Thread current = Thread.currentThread();
        Thread bound = (Thread) OWNER.getVolatile(this);
        // The exchange is volatile on success, so that what the last owner did is seen by the next, and so that a closer
        // that still saw no owner has made its closing visible to us.
        boolean free = bound == null || !bound.isAlive();
        if (!free || !OWNER.compareAndSet(this, bound, current)) {
            throw new WrongThreadException(what + " belongs to thread " + OWNER.getVolatile(this) + "; " + current
                    + " may use it after that thread has unbound it");
        }
    }

    /// Binds to the current thread, whoever had it. For users that take turns under a lock of their own.
    void seize() {
        if (owner != Thread.currentThread()) {
            OWNER.setVolatile(this, Thread.currentThread()); // volatile, as in bind: for a closer
        }
    }

    /// Lets the next user bind.
    ///
    /// @throws WrongThreadException if bound to another thread that is alive
    void unbind() {
        if ((Thread) OWNER.getVolatile(this) != null) {
            check();
            OWNER.setRelease(this, null);
        }
    }

    /// Whether the current thread has this.
    boolean isMine() {
        return owner == Thread.currentThread();
    }

    /// Whether no other live thread can be using this now.
    boolean isQuiet() {
        Thread bound = (Thread) OWNER.getVolatile(this);
        return bound == null || bound == Thread.currentThread() || !bound.isAlive();
    }
}
