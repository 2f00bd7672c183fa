select core.pricing_attribute('infer-security-gating', 'security_compliance_gating',
  path => '/run/companies/gemini/security-gating-check/infer',
  aliases => '{infer-security-compliance-gating}',
  legacy_function => 'infer_security_gating',
  description => 'Decide whether security and compliance features are reserved for higher tiers, from the pricing page.',
  question => 'Are security or compliance features reserved for higher tiers? Such features are single sign-on, SAML, SCIM, audit logs, role-based access, SOC 2, HIPAA, GDPR, security reviews, dedicated support and service-level agreements. Compare the plans: which of these features does the lowest paid plan have, and which only a higher one?',
  answers => '{
    "security_compliance_gating": {
      "yes": "at least one of them comes only with a higher plan or as an extra for it (typically single sign-on)",
      "no": "those that the page names are part of every plan or of the lowest one",
      "not_mentioned": "the page names none of them, or not to which plans they belong"
    }
  }',
  example => '{"security_compliance_gating": "yes", "explanation": "\"SAML single sign-on\" is listed for Enterprise only."}'
);
