package io.inframetrics.aws;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts what the platform trusts, and reads the platform's certificates once, when a server first
 * shows its own. Otherwise every HTTP client reads them when it is built, about 100 ms of a cold
 * start even without TLS. Thread-safe.
 */
final class PlatformTrust extends X509ExtendedTrustManager {

  private static final class Holder {

    static final X509ExtendedTrustManager PLATFORM = platform();

    private static X509ExtendedTrustManager platform() {
      try {
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init((KeyStore) null);
        for (TrustManager manager : factory.getTrustManagers()) {
          if (manager instanceof X509ExtendedTrustManager platform) {
            return platform;
          }
        }
        throw new IllegalStateException("the platform has no trust manager for X.509");
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the platform's certificates cannot be read", e);
      }
    }
  }

  /** Makes TLS connections that trust what the platform trusts. */
  static SSLSocketFactory sockets() {
    return Sockets.FACTORY;
  }

  private static final class Sockets {

    static final SSLSocketFactory FACTORY = factory();

    private static SSLSocketFactory factory() {
      try {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new PlatformTrust()}, null);
        return context.getSocketFactory();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("the platform has no TLS", e);
      }
    }
  }

  static void load() {
    Holder.PLATFORM.getAcceptedIssuers();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    Holder.PLATFORM.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    Holder.PLATFORM.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    Holder.PLATFORM.checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    Holder.PLATFORM.checkClientTrusted(chain, type, socket);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    Holder.PLATFORM.checkClientTrusted(chain, type, engine);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    Holder.PLATFORM.checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return Holder.PLATFORM.getAcceptedIssuers();
  }
}
