"""The grants an application can be allowed, as they are spelled on the wire and in our files."""

TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
REFRESH_TOKEN = "refresh_token"
CLIENT_CREDENTIALS = "client_credentials"
AUTHORIZATION_CODE = "authorization_code"

ALL = (TOKEN_EXCHANGE, AUTHORIZATION_CODE, REFRESH_TOKEN, CLIENT_CREDENTIALS)

# The URN is long to write by hand: a configuration file may use the short name.
SHORT_NAMES = {"token-exchange": TOKEN_EXCHANGE}
