package io.caravan.node.gate;

import io.caravan.rpc.PrivateFile;
import io.caravan.rpc.ServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.util.IPAddress;

/** A certificate that a role signs itself: nobody else vouches for it, so callers compare it with the file {@code api.pem}. */
final class OwnCertificate {

    private static final String CERTIFICATE = "cert.pem";
    private static final String KEY = "key.pem";
    private static final Duration VALID = Duration.ofDays(3650);

    private OwnCertificate() {}

    /**
     * The one of that folder, made there the first time.
     *
     * @param names by which callers reach the role, beside localhost and the loopback addresses
     */
    static ServerConfig.Tls in(Path folder, Set<String> names) {
        Path certificate = folder.resolve(CERTIFICATE);
        Path key = folder.resolve(KEY);
        if (!Files.exists(certificate) || !Files.exists(key)) {
            try {
                make(certificate, key, names);
            } catch (IOException e) {
                throw new UncheckedIOException("no certificate can be written to " + folder, e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("this Java makes no certificates", e);
            }
        }
        return new ServerConfig.Tls(certificate, key);
    }

    private static void make(Path certificate, Path key, Set<String> names) throws IOException, GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
        X500Name self = new X500Name("CN=caravan");
        Instant now = Instant.now();
        V3TBSCertificateGenerator content = new V3TBSCertificateGenerator();
        content.setSerialNumber(new ASN1Integer(new BigInteger(1, Secrets.random(16))));
        content.setSignature(algorithm);
        content.setIssuer(self);
        content.setSubject(self);
        content.setStartDate(new Time(Date.from(now.minus(Duration.ofDays(1)))));
        content.setEndDate(new Time(Date.from(now.plus(VALID))));
        content.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
        ExtensionsGenerator extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives(names)));
        content.setExtensions(extensions.generate());
        TBSCertificate unsigned = content.generateTBSCertificate();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(unsigned.getEncoded(ASN1Encoding.DER));
        ASN1EncodableVector signed = new ASN1EncodableVector();
        signed.add(unsigned);
        signed.add(algorithm);
        signed.add(new DERBitString(signature.sign()));
        // The key first: a certificate whose key is missing would be taken for a whole pair that somebody damaged.
        PrivateFile.write(key, pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        PrivateFile.write(certificate, pem("CERTIFICATE", new DERSequence(signed).getEncoded(ASN1Encoding.DER)));
    }

    private static GeneralName[] alternatives(Set<String> names) {
        List<GeneralName> all = new ArrayList<>(List.of(new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"), new GeneralName(GeneralName.iPAddress, "::1")));
        for (String name : names) {
            boolean isAddress = IPAddress.isValid(name);
            if (isAddress || name.matches("[A-Za-z0-9.-]+")) {
                all.add(new GeneralName(isAddress ? GeneralName.iPAddress : GeneralName.dNSName, name));
            }
        }
        return all.toArray(GeneralName[]::new);
    }

    private static byte[] pem(String label, byte[] content) {
        String body = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(content);
        return ("-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n").getBytes(StandardCharsets.US_ASCII);
    }
}
