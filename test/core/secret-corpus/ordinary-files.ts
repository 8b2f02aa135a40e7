/** Texts of ConfigMaps by file name: configurations of well-known programs. None holds a secret. */
export const ORDINARY_FILES: Record<string, string> = {
  'nginx.conf': `worker_processes auto;
http {
  server_tokens off;
  map $http_authorization $has_token { default 0; "~Bearer" 1; }
  server {
    listen 8443 ssl;
    ssl_certificate /etc/tls/tls.crt;
    ssl_certificate_key /etc/tls/tls.key;
    auth_basic "Restricted";
    auth_basic_user_file /etc/nginx/htpasswd;
    location / {
      proxy_pass http://orders-api:8080;
      proxy_pass_request_headers on;
      proxy_set_header Authorization $http_authorization;
      proxy_set_header X-CSRF-Token $cookie_csrf_token;
      proxy_hide_header X-Auth-Token;
    }
    location ~* \\.(?:key|pem)$ { deny all; }
  }
}
`,
  'redis.conf': `# requirepass foobared
# masterauth <master-password>
# user alice on +@all -DEBUG ~* >somepassword
bind 0.0.0.0
protected-mode yes
port 6379
tls-port 0
tls-key-file /tls/tls.key
maxmemory-policy allkeys-lru
aclfile /etc/redis/users.acl
rename-command FLUSHALL ""
`,
  'postgresql.conf': `listen_addresses = '*'
password_encryption = scram-sha-256	# scram-sha-256 or md5
#krb_server_keyfile = 'FILE:/etc/postgresql/krb5.keytab'
ssl_key_file = '/etc/tls/tls.key'
#ssl_passphrase_command = ''
ssl_passphrase_command_supports_reload = off
max_connections = 200
primary_conninfo = 'host=db-0 port=5432 user=replicator passfile=/etc/pg/.pgpass sslmode=verify-full'
`,
  'pg_hba.conf': `# TYPE  DATABASE  USER  ADDRESS  METHOD
local   all       all            trust
hostssl all       all   0.0.0.0/0 scram-sha-256
host    replication replicator 10.0.0.0/8 password
`,
  'my.cnf': `[client]
port=3306
#password=your_password
[mysqld]
default_authentication_plugin=caching_sha2_password
validate_password.length=12
validate_password.policy=STRONG
default_password_lifetime = 90
plugin-load-add=auth_socket.so
`,
  'application.yml': `spring:
  datasource:
    url: jdbc:postgresql://db:5432/orders
    username: orders
    password: \${DB_PASSWORD}
  security:
    oauth2:
      resourceserver:
        jwt:
          issuer-uri: https://id.example.org/realms/shop
      client:
        registration:
          keycloak:
            client-id: storefront
            client-secret: \${OIDC_CLIENT_SECRET:}
            authorization-grant-type: client_credentials
  mail:
    password: "{cipher}AQBq1sQ9kT7Yx0N3rU5wV8zB"
  redis:
    password: ENC(G6N718UuyPE5bHyWKyuLQSm02auQPUtm)
server:
  ssl:
    key-store: file:/etc/tls/keystore.p12
    key-store-password: \${KEYSTORE_PASSWORD}
    key-alias: tomcat
app:
  token:
    ttl: 15m
    header: X-Auth-Token
  password:
    min-length: 12
    encoder: bcrypt
  api-key-header: X-Api-Key
  secrets:
    path: /run/secrets
`,
  'application.properties': `server.port=8080
spring.datasource.url=jdbc:mysql://mysql:3306/shop?useSSL=true&requireSSL=true
spring.datasource.username=shop
spring.datasource.password=\${MYSQL_PASSWORD}
spring.config.import=optional:configtree:/etc/secrets/
jwt.secret=\${JWT_SECRET}
jwt.expiration=3600
management.endpoint.env.keys-to-sanitize=password,secret,key,token,.*credentials.*
app.reset-token.expiry=PT30M
app.password.pattern=^(?=.*[0-9])(?=.*[a-z]).{12,}$
quarkus.datasource.password=\${vault.db.password}
mp.jwt.verify.publickey.location=/etc/jwt/public.pem
`,
  'messages.properties': `login.title=Sign in
login.username=User name
login.password=Password
login.password.placeholder=Your password
login.forgotPassword=Forgot your password?
error.password.short=The password must have at least 12 characters
error.token=The link is invalid or has expired
label.newPassword=New password
label.confirmPassword=Repeat the password
label.apiKey=API key
label.secret=Secret
button.resetPassword=Reset password
info.token=Paste the token from the mail
`,
  'messages_de.properties': `login.password=Passwort
login.passwordHint=Bitte Passwort eingeben
error.password=Falsches Passwort
label.token=Zugangscode aus der E-Mail
`,
  'prometheus.yml': `global:
  scrape_interval: 30s
alerting:
  alertmanagers:
  - scheme: http
    static_configs:
    - targets: ["alertmanager:9093"]
scrape_configs:
- job_name: kubernetes-pods
  kubernetes_sd_configs:
  - role: pod
  authorization:
    credentials_file: /var/run/secrets/kubernetes.io/serviceaccount/token
- job_name: shop
  basic_auth:
    username: prometheus
    password_file: /etc/prometheus/secrets/shop-password
- job_name: api
  bearer_token_file: /etc/prometheus/token
  relabel_configs:
  - source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape]
    action: keep
    regex: "true"
`,
  'rules.yml': `groups:
- name: auth
  rules:
  - alert: TokenRequestsFail
    expr: sum(rate(token_requests_total{code!="200",grant="password"}[5m])) by (client) > 0.1
    for: 10m
    labels: {severity: page}
    annotations:
      summary: "Token requests of {{ $labels.client }} fail"
      description: "Secret rotation: the client's secret may have expired. password: see the runbook"
`,
  'alertmanager.yml': `global:
  smtp_smarthost: smtp.example.org:587
  smtp_from: alerts@example.org
  smtp_auth_username: alerts
  smtp_auth_password_file: /etc/alertmanager/secrets/smtp
  slack_api_url_file: /etc/alertmanager/secrets/slack
route:
  receiver: default
receivers:
- name: default
  pagerduty_configs:
  - routing_key_file: /etc/alertmanager/secrets/pagerduty
`,
  'grafana.ini': `[paths]
data = /var/lib/grafana/
[security]
# default admin password, can be changed before first start of grafana
;admin_password = admin
;secret_key = SW2YcwTIb9zpOOhoPsMm
admin_user = admin
admin_password = $__file{/etc/secrets/admin-password}
secret_key = $__env{GF_SECRET_KEY}
disable_brute_force_login_protection = false
cookie_secure = true
[database]
type = postgres
# If the password contains # or ; you have to wrap it with triple quotes. Ex """#password;"""
password = \${GF_DATABASE_PASSWORD}
[auth]
token_rotation_interval_minutes = 10
login_maximum_inactive_lifetime_duration = 7d
[auth.generic_oauth]
client_id = grafana
client_secret = $__file{/etc/secrets/oauth}
token_url = https://id.example.org/oauth/token
api_url = https://id.example.org/userinfo
[smtp]
password =
`,
  'datasources.yaml': `apiVersion: 1
datasources:
- name: Orders
  type: postgres
  url: db:5432
  user: grafana
  secureJsonData:
    password: $DB_PASSWORD
- name: Loki
  type: loki
  url: http://loki:3100
  jsonData:
    httpHeaderName1: X-Scope-OrgID
  secureJsonData:
    httpHeaderValue1: shop
`,
  'keycloak.conf': `db=postgres
db-url=jdbc:postgresql://keycloak-db/keycloak
db-username=keycloak
db-password=\${env.KC_DB_PASSWORD}
hostname=https://id.example.org
https-certificate-key-file=/etc/tls/tls.key
spi-password-hashing-pbkdf2-sha512-iterations=210000
features=token-exchange
vault=file
vault-dir=/opt/keycloak/vault
`,
  'realm.json': `{"realm":"shop","enabled":true,"accessTokenLifespan":300,"passwordPolicy":"length(12) and notUsername","resetPasswordAllowed":true,
"smtpServer":{"host":"smtp.example.org","auth":"true","user":"id","password":"\${vault.smtp_password}"},
"clients":[{"clientId":"storefront","publicClient":true,"secret":"**********","attributes":{"access.token.signed.response.alg":"RS256","use.refresh.tokens":"true"},
"clientAuthenticatorType":"client-secret"}],"components":{"org.keycloak.keys.KeyProvider":[{"name":"rsa-generated","providerId":"rsa-generated"}]}}
`,
  'argocd-cm': `url: https://argocd.example.org
dex.config: |
  connectors:
  - type: github
    id: github
    name: GitHub
    config:
      clientID: 9a1b2c3d4e5f60718293
      clientSecret: $dex.github.clientSecret
      orgs:
      - name: acme
repositories: |
  - url: https://github.com/acme/apps
    passwordSecret:
      name: acme-repo
      key: password
    usernameSecret:
      name: acme-repo
      key: username
resource.exclusions: |
  - kinds: [Secret, TokenReview]
`,
  'policy.csv': `p, role:dev, applications, sync, shop/*, allow
p, role:dev, repositories, get, *, allow
g, acme:platform, role:admin
`,
  'config.toml': `concurrent = 10
check_interval = 3
[[runners]]
  name = "kubernetes"
  url = "https://gitlab.example.org/"
  token = "__REPLACED_BY_ENTRYPOINT__"
  token_obtained_at = 0001-01-01T00:00:00Z
  executor = "kubernetes"
  [runners.kubernetes]
    image_pull_secrets = ["regcred"]
    service_account_overwrite_allowed = ""
`,
  'wp-config.php': `<?php
define( 'DB_NAME', getenv('WORDPRESS_DB_NAME') );
define( 'DB_PASSWORD', getenv_docker('WORDPRESS_DB_PASSWORD', '') );
define( 'AUTH_KEY', getenv('WORDPRESS_AUTH_KEY') );
define( 'NONCE_SALT', file_get_contents('/run/secrets/nonce-salt') );
$table_prefix = 'wp_';
$password = $_ENV['DB_PASSWORD'];
$token = wp_create_nonce( 'token' );
`,
  'airflow.cfg': `[core]
executor = KubernetesExecutor
fernet_key =
fernet_key_cmd = cat /run/secrets/fernet
[database]
sql_alchemy_conn_cmd = cat /run/secrets/conn
[webserver]
secret_key_cmd = cat /run/secrets/webserver
[smtp]
# Example: smtp_password = airflow
smtp_user =
smtp_password =
[secrets]
backend = airflow.providers.hashicorp.secrets.vault.VaultBackend
[celery]
flower_basic_auth =
[api]
auth_backends = airflow.api.auth.backend.basic_auth
`,
  'settings.py': `import os
SECRET_KEY = os.environ['DJANGO_SECRET_KEY']
DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql', 'PASSWORD': os.environ['DB_PASSWORD'], 'HOST': 'db'}}
EMAIL_HOST_PASSWORD = os.getenv('EMAIL_PASSWORD', '')
PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']
AUTH_PASSWORD_VALIDATORS = [{'NAME': 'django.contrib.auth.password_validation.MinimumLengthValidator'}]
API_TOKEN = read_secret('/run/secrets/token')
token = request.headers.get('Authorization')
password = config.get('db', 'password')
client = Client(token=token, password=password, secret=settings.SECRET)
CSRF_COOKIE_NAME = 'csrftoken'
`,
  'server.js': `const password = process.env.DB_PASSWORD;
const token = req.headers['x-auth-token'];
const apiKey = config.apiKey;
const client = new Client({ user: 'shop', password: process.env.DB_PASSWORD, secret: secrets.get('client') });
if (!token) throw new Error('token: missing');
module.exports = { secret: () => readFileSync('/run/secrets/session', 'utf8') };
`,
  'init.sh': `#!/bin/sh
set -eu
# DB_PASSWORD=example-only ./init.sh
export PGPASSWORD="$(cat /run/secrets/postgres)"
PASSWORD=\${PASSWORD:?set it}
TOKEN=$(curl -fsS "$VAULT_ADDR/v1/auth/kubernetes/login" -d "{\\"role\\":\\"shop\\"}" | jq -r .auth.client_token)
SECRET_FILE=/run/secrets/app
if [ -z "$PASSWORD" ]; then echo "password: not set" >&2; exit 1; fi
psql -v ON_ERROR_STOP=1 -c "ALTER USER app WITH PASSWORD '$APP_PASSWORD'"
mysql -u root -p"$MYSQL_ROOT_PASSWORD" -e 'SHOW DATABASES'
curl -sS -u "admin:$ADMIN_PASSWORD" http://localhost:8080/
curl -H "X-Vault-Token: $VAULT_TOKEN" -H "X-Api-Key: \${API_KEY}" https://vault:8200/v1/sys/health
`,
  'schema.sql': `CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE,
  password varchar(255) NOT NULL,
  reset_token text,
  token_expires_at timestamptz
);
-- password: bcrypt, never in plain text
CREATE INDEX users_token ON users (reset_token);
GRANT SELECT ON users TO reporting;
`,
  'openapi.json': `{"openapi":"3.0.3","paths":{"/login":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object",
"required":["user","password"],"properties":{"user":{"type":"string"},"password":{"type":"string","format":"password","minLength":12}}}}}}}}},
"components":{"securitySchemes":{"apiKey":{"type":"apiKey","in":"header","name":"X-API-Key"},"bearer":{"type":"http","scheme":"bearer"}}}}
`,
  'docker-config.json': `{"credHelpers":{"123456789012.dkr.ecr.eu-central-1.amazonaws.com":"ecr-login","ghcr.io":"gh"},"credsStore":"ecr-login"}
`,
  '.npmrc': `registry=https://npm.example.org/
//npm.example.org/:_authToken=\${NPM_TOKEN}
always-auth=true
`,
  'kubeconfig': `apiVersion: v1
kind: Config
clusters:
- name: prod
  cluster: {server: "https://10.0.0.1:6443", certificate-authority: /etc/kubernetes/pki/ca.crt}
users:
- name: agent
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
- name: exec
  user:
    exec:
      apiVersion: client.authentication.k8s.io/v1
      command: aws-iam-authenticator
      args: [token, -i, prod]
`,
  'encryption.yaml': `apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
- resources: [secrets]
  providers:
  - kms: {apiVersion: v2, name: vault, endpoint: unix:///run/kms.sock}
`,
  'external-secret.yaml': `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: orders-db}
spec:
  refreshInterval: 1h
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  data:
  - secretKey: password
    remoteRef: {key: secret/data/orders/db, property: password}
  - secretKey: token
    remoteRef:
      key: orders/api-token
`,
  'workload.yaml': `apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      automountServiceAccountToken: false
      imagePullSecrets:
      - name: regcred
      containers:
      - name: app
        env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef:
              name: orders-db
              key: password
        envFrom:
        - secretRef:
            name: orders-env
      volumes:
      - name: tls
        secret:
          secretName: orders-tls
      - name: token
        projected:
          sources:
          - serviceAccountToken: {path: token, expirationSeconds: 3600, audience: vault}
`,
  'values.yaml': `auth:
  enabled: true
  existingSecret: redis-auth
  existingSecretPasswordKey: redis-password
  password: ""
  usePasswordFiles: true
tls:
  secretName: wildcard-tls
  certKeyFilename: tls.key
ingress:
  tls:
  - hosts: [shop.example.org]
    secretName: shop-tls
metrics:
  token: ~
  apiKey: null
serviceAccount:
  automountToken: false
`,
  'fluent-bit.conf': `[SERVICE]
    Flush 5
    Log_Level info
[OUTPUT]
    Name  es
    Match *
    Host  elasticsearch
    HTTP_User fluent
    HTTP_Passwd \${ES_PASSWORD}
    tls On
    tls.key_passwd
[FILTER]
    Name kubernetes
    Kube_Token_File /var/run/secrets/kubernetes.io/serviceaccount/token
    Kube_Token_TTL 600
`,
  'vector.toml': `[sinks.loki]
type = "loki"
endpoint = "http://loki:3100"
auth.strategy = "basic"
auth.user = "vector"
auth.password = "\${LOKI_PASSWORD}"
[sinks.splunk]
default_token = "\${SPLUNK_HEC_TOKEN-}"
`,
  'loki.yaml': `auth_enabled: false
common:
  storage:
    s3:
      endpoint: minio:9000
      bucketnames: loki
      access_key_id: \${S3_ACCESS_KEY}
      secret_access_key: \${S3_SECRET_KEY}
schema_config:
  configs:
  - {from: "2024-04-01", store: tsdb, object_store: s3, schema: v13, index: {prefix: loki_index_, period: 24h}}
`,
  'dex.yaml': `issuer: https://dex.example.org
storage: {type: kubernetes, config: {inCluster: true}}
staticClients:
- id: grafana
  name: Grafana
  secretEnv: GRAFANA_CLIENT_SECRET
  redirectURIs: [https://grafana.example.org/login/generic_oauth]
connectors:
- type: ldap
  id: ldap
  name: LDAP
  config:
    host: ldap.example.org:636
    bindDN: cn=reader,dc=example,dc=org
    bindPW: $LDAP_BINDPW
    usernamePrompt: User
oauth2:
  passwordConnector: local
  responseTypes: [code, token, id_token]
expiry: {idTokens: 24h, refreshTokens: {validIfNotUsedFor: 2160h}}
enablePasswordDB: false
`,
  'oauth2-proxy.cfg': `provider = "oidc"
client_id = "shop"
client_secret_file = "/etc/oauth2/client-secret"
cookie_secret_file = "/etc/oauth2/cookie-secret"
cookie_name = "_oauth2_proxy"
pass_access_token = true
set_authorization_header = true
email_domains = ["example.org"]
`,
  'Corefile': `.:53 {
  errors
  health
  kubernetes cluster.local in-addr.arpa ip6.arpa { pods insecure }
  forward . /etc/resolv.conf
  cache 30
}
`,
  'envoy.yaml': `static_resources:
  secrets:
  - name: tls
    tls_certificate:
      certificate_chain: {filename: /etc/tls/tls.crt}
      private_key: {filename: /etc/tls/tls.key}
  listeners:
  - name: main
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          http_filters:
          - name: envoy.filters.http.oauth2
            typed_config:
              config:
                token_endpoint: {cluster: id, uri: "https://id.example.org/token"}
                credentials:
                  client_id: shop
                  token_secret: {name: token, sds_config: {path: /etc/envoy/token-secret.yaml}}
`,
  'haproxy.cfg': `global
  stats socket /var/run/haproxy.sock mode 600 level admin
defaults
  timeout client 30s
frontend web
  bind *:8443 ssl crt /etc/haproxy/tls.pem
  http-request deny if { hdr(x-api-key) -m len lt 8 }
  http-request set-header X-Token %[req.hdr(authorization)]
userlist admins
  user ops password "$HAPROXY_OPS_HASH"
`,
  'core-site.xml': `<configuration>
  <property><name>fs.defaultFS</name><value>hdfs://namenode:8020</value></property>
  <property><name>hadoop.security.credential.provider.path</name><value>jceks://file/etc/hadoop/creds.jceks</value></property>
  <property><name>fs.s3a.secret.key</name><value>\${env.S3_SECRET_KEY}</value></property>
</configuration>
`,
  'server.xml': `<Server port="-1" shutdown="SHUTDOWN">
  <Service name="Catalina">
    <Connector port="8443" SSLEnabled="true" keystoreFile="/etc/tls/keystore.p12" keystorePass="\${keystore.password}" />
  </Service>
  <GlobalNamingResources>
    <Resource name="jdbc/shop" username="shop" password="\${db.password}" driverClassName="org.postgresql.Driver" />
  </GlobalNamingResources>
</Server>
`,
  'settings.xml': `<settings><servers><server><id>nexus</id><username>ci</username><password>\${env.NEXUS_PASSWORD}</password></server></servers></settings>
`,
  'log4j2.xml': `<Configuration><Appenders><Console name="out"><PatternLayout pattern="%d %p %replace{%m}{(password|token)=[^&amp; ]+}{$1=***}%n"/></Console></Appenders></Configuration>
`,
  'mosquitto.conf': `listener 8883
allow_anonymous false
password_file /etc/mosquitto/passwd
keyfile /etc/mosquitto/tls.key
`,
  'rabbitmq.conf': `default_user = orders
default_pass = $(RABBITMQ_DEFAULT_PASS)
listeners.ssl.default = 5671
ssl_options.keyfile = /etc/tls/tls.key
management.load_definitions = /etc/rabbitmq/definitions.json
auth_mechanisms.1 = PLAIN
`,
  'client.properties': `security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required username="\${env:KAFKA_USER}" password="\${env:KAFKA_PASSWORD}";
ssl.truststore.location=/etc/kafka/truststore.p12
ssl.truststore.password=\${file:/etc/kafka/secrets.properties:truststore.password}
ssl.keystore.type=PKCS12
delegation.token.max.lifetime.ms=604800000
key.converter=org.apache.kafka.connect.storage.StringConverter
`,
  'pgbouncer.ini': `[databases]
orders = host=db port=5432 dbname=orders auth_user=pgbouncer
[pgbouncer]
auth_type = scram-sha-256
auth_file = /etc/pgbouncer/userlist.txt
auth_query = SELECT usename, passwd FROM pg_shadow WHERE usename=$1
`,
  'logstash.conf': `input { beats { port => 5044 } }
filter { mutate { remove_field => ["password", "token"] gsub => ["message", "password=[^&]+", "password=***"] } }
output { elasticsearch { hosts => ["https://es:9200"] user => "logstash" password => "\${ES_PASSWORD}" api_key => "\${ES_API_KEY}" } }
`,
  '.env': `# Copy to .env.local
NODE_ENV=production
API_URL=https://api.example.org
API_KEY=
DB_PASSWORD=\${DB_PASSWORD}
SESSION_SECRET=$SESSION_SECRET
JWT_SECRET_FILE=/run/secrets/jwt
TOKEN_TTL=3600
#STRIPE_SECRET_KEY=fill-me-in-locally
`,
  'main.tf': `variable "db_password" {
  type      = string
  sensitive = true
}
resource "aws_db_instance" "db" {
  username                    = "orders"
  manage_master_user_password = true
  password                    = var.db_password
  secret_string               = data.vault_generic_secret.db.data["password"]
}
`,
  'jwks.json': `{"keys":[{"kty":"EC","crv":"P-256","kid":"2025-01","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
`,
  'package.json': `{"name":"shop","version":"1.4.2","scripts":{"token":"node scripts/token.js","start":"node dist/main.js"},"dependencies":{"jsonwebtoken":"^9.0.2","password-validator":"^5.3.0","csrf-token":"1.0.0"}}
`,
  'locale.json': `{"login":{"user":"User name","password":"Password","submit":"Sign in","forgot":"Forgot your password?"},"profile":{"apiKey":"API key","token":"Your token","secret":"Secret question"}}
`,
  'sshd_config': `PasswordAuthentication no
PermitEmptyPasswords no
ChallengeResponseAuthentication no
AuthorizedKeysFile /etc/ssh/keys/%u
`,
  'traefik.yaml': `http:
  middlewares:
    auth:
      basicAuth:
        usersFile: /etc/traefik/users
    csrf:
      headers:
        customRequestHeaders: {X-Api-Key: ""}
certificatesResolvers:
  le:
    acme:
      email: ops@example.org
      storage: /data/acme.json
      dnsChallenge: {provider: route53}
`,
  'telegraf.conf': `[[outputs.influxdb_v2]]
  urls = ["http://influxdb:8086"]
  token = "$INFLUX_TOKEN"
  organization = "acme"
  bucket = "metrics"
[[inputs.http]]
  ## Optional HTTP Basic Auth Credentials
  # username = "username"
  # password = "pa$$word"
  bearer_token = "/run/secrets/token"
`,
  'crd.yaml': `properties:
  password:
    description: Password of the user. Either password or passwordSecretRef.
    type: string
  tokenSecretRef:
    properties:
      key: {default: token, type: string}
  authType: {enum: [password, token, apiKey], type: string}
`,
};
