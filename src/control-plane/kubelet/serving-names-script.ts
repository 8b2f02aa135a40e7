/**
 * The part of `kubelet-serving-approver` about names and addresses: which ones a request asks for, and whether a node may have them. Of the script's
 * variables it reads the lists of ranges, names and domains, and `work`, a folder.
 */
export const SERVING_NAMES_SCRIPT = `# One name a line, as openssl writes them.
names_of() { # REQUEST
  openssl req -in "$1" -noout -text -nameopt RFC2253 | awk '
    wanted { sub(/^ */, ""); n = split($0, names, /, /); for (i = 1; i <= n; i++) print names[i] }
    { wanted = /X509v3 Subject Alternative Name:/ }'
}

# The extension with the names, in hexadecimal digits.
names_bytes() { # REQUEST
  openssl asn1parse -in "$1" | awk '
    seen && /OCTET STRING/ { sub(/.*\\[HEX DUMP\\]:/, ""); print; exit }
    /:X509v3 Subject Alternative Name$/ { seen = 1 }'
}

# Whether the names are all that the request says: one with a line break in it would hide others from names_of.
says_only() { # NAMES REQUEST
  list=$(sed 's/^IP Address:/IP:/' "$1" | paste -s -d , -)
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=expected -addext "subjectAltName=$list" \\
    -out "$work/expected" 2>/dev/null || return 1
  expected=$(names_bytes "$work/expected")
  [ -n "$expected" ] && [ "$expected" = "$(names_bytes "$2")" ]
}

# Whether a node may have the names: right, or why not.
judge_names() { # NODE ADDRESSES NAMES
  awk -v node="$1" -v addresses="$2" -v node_ranges="$node_ranges" -v control_plane_ranges="$control_plane_ranges" \\
    -v foreign_ranges="$foreign_ranges" -v foreign_names="$foreign_names" -v foreign_domains="$foreign_domains" -v node_domains="$node_domains" \\
    -v external_ranges="$external_ranges" '
    function binary(value, width, text) {
      for (text = ""; width > 0; width--) { text = (value % 2) text; value = int(value / 2) }
      return text
    }
    function group(text, value, i, digit) {
      if (length(text) < 1 || length(text) > 4) return ""
      for (value = 0; length(text) > 0; text = substr(text, 2)) value = value * 16 + index("0123456789abcdef", substr(text, 1, 1)) - 1
      return binary(value, 16)
    }
    # An address as 4 or 6 and its bits, or nothing.
    function bits(address, parts, n, i, text, gap, head, tail, m) {
      address = tolower(address)
      if (address ~ /^[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+$/) {
        split(address, parts, ".")
        for (i = 1; i <= 4; i++) { if (parts[i] + 0 > 255) return ""; text = text binary(parts[i] + 0, 8) }
        return "4" text
      }
      if (address !~ /^[0-9a-f:]*:[0-9a-f:]*$/) return ""
      gap = index(address, "::")
      n = split(gap ? substr(address, 1, gap - 1) : address, head, ":")
      m = gap ? split(substr(address, gap + 2), tail, ":") : 0
      if (gap ? n + m > 7 : n != 8) return ""
      for (i = 1; i <= n; i++) text = text group(head[i])
      for (i = n + m; i < 8; i++) text = text binary(0, 16)
      for (i = 1; i <= m; i++) text = text group(tail[i])
      return length(text) == 128 ? "6" text : ""
    }
    function within(address, ranges, list, n, i, parts) {
      n = split(ranges, list, " ")
      for (i = 1; i <= n; i++) {
        split(list[i], parts, "/")
        if (substr(address, 1, 1 + parts[2]) == substr(bits(parts[1]), 1, 1 + parts[2])) return 1
      }
      return 0
    }
    function ends(name, domains, list, n, i, domain) {
      n = split(domains, list, " ")
      for (i = 1; i <= n; i++) {
        domain = "." list[i]
        if (name == list[i] || (length(name) > length(domain) && substr(name, length(name) - length(domain) + 1) == domain)) return 1
      }
      return 0
    }
    function judge_address(address, expected) {
      if (address == "" || within(address, foreign_ranges)) return "no address of a node"
      if (!(address in own)) return "no address of the Node object"
      if (address in others) return "an address of another node too"
      if (!control && within(address, control_plane_ranges)) return "an address of the control plane"
      expected = control && control_plane_ranges != "" ? control_plane_ranges : node_ranges
      if (expected != "" && !within(address, expected) && !within(address, external_ranges)) return "outside of " expected
      return ""
    }
    function judge_name(name) {
      if (index(" " foreign_names " ", " " name " ") || ends(name, foreign_domains)) return "a name of the API server or of services"
      if (!(name in own)) return "no address of the Node object"
      if (name in others) return "a name of another node too"
      if (name != node && !ends(name, node_domains)) return "neither the name of the node nor in its domains"
      return ""
    }
    BEGIN {
      while ((getline line < addresses) > 0) {
        split(line, fields, " ")
        key = bits(fields[3])
        if (key == "") key = tolower(fields[3])
        if (fields[1] == node) { own[key] = 1; if (fields[2] == "true") control = 1 } else others[key] = 1
      }
      n = split(foreign_names, list, " ")
      for (i = 1; i <= n; i++) if (bits(list[i]) != "") foreign[bits(list[i])] = 1
    }
    {
      count++
      if (sub(/^IP Address:/, "")) reason = bits($0) in foreign ? "an address of the API server" : judge_address(bits($0))
      else if (sub(/^DNS:/, "")) reason = $0 ~ /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/ ? judge_name($0) : "no name of a node"
      else reason = "neither a name nor an address"
      if (reason != "") { print $0 " is " reason; exit }
    }
    END { if (reason == "") print count ? "right" : "it has no names" }' "$3"
}`;
