package dev.tally.platform.s3;

import com.oracle.svm.core.annotate.Delete;
import com.oracle.svm.core.annotate.TargetClass;

/**
 * Takes out of the native binary what belongs to Amazon's client in C, which is not here: the native build would look for
 * its classes. The extension does so with the client itself, but forgets this part of it (known there; to be removed
 * with a version that has it).
 */
@TargetClass(className = "software.amazon.awssdk.services.s3.internal.crt.DefaultS3CrtAsyncClient$AttachHttpAttributesExecutionInterceptor")
@Delete
final class ClientInC {
    private ClientInC() {}
}
