/** Object identifiers as Wireshark calls them. */
const OIDS: Readonly<Record<string, string>> = {
  "0.9.2342.19200300.100.1.25": "dc",
  "1.2.840.113549.1.9.1": "pkcs-9-at-emailAddress",
  "2.5.4.3": "id-at-commonName",
  "2.5.4.4": "id-at-surname",
  "2.5.4.5": "id-at-serialNumber",
  "2.5.4.6": "id-at-countryName",
  "2.5.4.7": "id-at-localityName",
  "2.5.4.8": "id-at-stateOrProvinceName",
  "2.5.4.9": "id-at-streetAddress",
  "2.5.4.10": "id-at-organizationName",
  "2.5.4.11": "id-at-organizationalUnitName",
  "2.5.4.12": "id-at-title",
  "2.5.4.42": "id-at-givenName",
  "1.2.840.113549.1.1.1": "rsaEncryption",
  "1.2.840.113549.1.1.5": "shaWithRSAEncryption",
  "1.2.840.113549.1.1.11": "sha256WithRSAEncryption",
  "1.2.840.113549.1.1.12": "sha384WithRSAEncryption",
  "1.2.840.113549.1.1.13": "sha512WithRSAEncryption",
  "1.2.840.10045.2.1": "id-ecPublicKey",
  "1.2.840.10045.3.1.7": "secp256r1",
  "1.2.840.10045.4.3.2": "ecdsa-with-SHA256",
  "1.2.840.10045.4.3.3": "ecdsa-with-SHA384",
  "1.2.840.10045.4.3.4": "ecdsa-with-SHA512",
  "1.3.132.0.34": "secp384r1",
  "1.3.132.0.35": "secp521r1",
  "2.5.29.14": "id-ce-subjectKeyIdentifier",
  "2.5.29.15": "id-ce-keyUsage",
  "2.5.29.17": "id-ce-subjectAltName",
  "2.5.29.18": "id-ce-issuerAltName",
  "2.5.29.19": "id-ce-basicConstraints",
  "2.5.29.30": "id-ce-nameConstraints",
  "2.5.29.31": "id-ce-cRLDistributionPoints",
  "2.5.29.32": "id-ce-certificatePolicies",
  "2.5.29.35": "id-ce-authorityKeyIdentifier",
  "2.5.29.37": "id-ce-extKeyUsage",
  "1.3.6.1.5.5.7.1.1": "id-pe-authorityInfoAccess",
  "1.3.6.1.5.5.7.3.1": "id-kp-serverAuth",
  "1.3.6.1.5.5.7.3.2": "id-kp-clientAuth",
  "1.3.6.1.5.5.7.3.3": "id-kp-codeSigning",
  "1.3.6.1.5.5.7.3.4": "id-kp-emailProtection",
  "1.3.6.1.5.5.7.3.8": "id-kp-timeStamping",
  "1.3.6.1.5.5.7.3.9": "id-kp-OCSPSigning",
};

/** What an object identifier is called; where that is not known, itself with the name of its first number. */
export const oidName = (oid: string): string => OIDS[oid] ?? oid.replace(/^1\./, "iso.");

/** `"2.5.4.3 (id-at-commonName)"` */
export function namedOid(oid: string): string {
  const name = oidName(oid);
  return name === oid ? oid : `${oid} (${name})`;
}
