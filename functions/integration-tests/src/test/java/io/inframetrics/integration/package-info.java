/**
 * The verbs over all AWS sinks at once, with proxies between that break what can break. {@link
 * io.inframetrics.integration.StandIns} has the services, {@link io.inframetrics.integration.Wire}
 * the proxies, {@link io.inframetrics.integration.Pipeline} the verbs as a sandbox of Lambda holds
 * them, and {@link io.inframetrics.integration.Installed} looks at what they left.
 */
package io.inframetrics.integration;
