/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jni.c: the functions of crossing.h for JNI, as somebody who knows it well
 * writes them: static methods, addresses as numbers. Any thread of Java's.
 */
#include <jni.h>

#include "crossing.h"

#define ADDRESS(type, number) ((type *)(intptr_t)(number))

JNIEXPORT void JNICALL Java_org_frameferry_bench_crossing_Jni_empty(JNIEnv *env, jclass class)
{
    (void)env;
    (void)class;
    crossing_empty();
}

JNIEXPORT jlong JNICALL Java_org_frameferry_bench_crossing_Jni_enqueue(JNIEnv *env, jclass class, jlong crossing,
                                                                       jlong descriptors, jint n)
{
    (void)env;
    (void)class;
    return crossing_enqueue(ADDRESS(struct crossing, crossing), ADDRESS(const uint64_t, descriptors), n);
}

JNIEXPORT jlong JNICALL Java_org_frameferry_bench_crossing_Jni_enqueueWritten(JNIEnv *env, jclass class, jlong crossing,
                                                                              jlong descriptors, jint n)
{
    (void)env;
    (void)class;
    return crossing_enqueue_written(ADDRESS(struct crossing, crossing), ADDRESS(const uint64_t, descriptors), n);
}

typedef int64_t enqueue(struct crossing *crossing, const uint64_t *descriptors, int32_t n);

/* Out of an array on the Java heap, without a copy; the garbage collector waits meanwhile. */
static jlong from_heap(JNIEnv *env, enqueue *call, jlong crossing, jlongArray array, jint n)
{
    void *descriptors = (*env)->GetPrimitiveArrayCritical(env, array, NULL);
    if (descriptors == NULL) {
        return 0;
    }
    jlong put = call(ADDRESS(struct crossing, crossing), descriptors, n);
    (*env)->ReleasePrimitiveArrayCritical(env, array, descriptors, JNI_ABORT); /* nothing to copy back */
    return put;
}

JNIEXPORT jlong JNICALL Java_org_frameferry_bench_crossing_Jni_enqueueHeap(JNIEnv *env, jclass class, jlong crossing,
                                                                           jlongArray array, jint n)
{
    (void)class;
    return from_heap(env, crossing_enqueue, crossing, array, n);
}

JNIEXPORT jlong JNICALL Java_org_frameferry_bench_crossing_Jni_enqueueWrittenHeap(JNIEnv *env, jclass class,
                                                                                  jlong crossing, jlongArray array,
                                                                                  jint n)
{
    (void)class;
    return from_heap(env, crossing_enqueue_written, crossing, array, n);
}
