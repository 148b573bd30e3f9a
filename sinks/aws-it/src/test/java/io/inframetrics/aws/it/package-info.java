/**
 * The verbs over all AWS sinks at once, with proxies between that break what can break. {@link
 * io.inframetrics.aws.it.StandIns} has the services, {@link io.inframetrics.aws.it.Wire} the
 * proxies, {@link io.inframetrics.aws.it.Pipeline} the verbs as a sandbox of Lambda holds them, and
 * {@link io.inframetrics.aws.it.Installed} looks at what they left.
 */
package io.inframetrics.aws.it;
