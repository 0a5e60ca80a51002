// SPDX-License-Identifier: Apache-2.0
#include "runtime/connection_string.h"

#include "base/percent.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace godwit {

namespace {

std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned int byte = 0;
    if (text[i] == '%' && i + 2 < text.size() &&
        std::from_chars(text.data() + i + 1, text.data() + i + 3, byte, 16).ptr == text.data() + i + 3) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

void replace_all(std::string& text, std::string_view what) {
  if (what.empty()) return;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 4)) {
    text.replace(at, what.size(), "****");
  }
}

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

ConnectionString::ConnectionString(std::string text) : text_(std::move(text)) {
  is_url_ = text_.starts_with("postgresql://") || text_.starts_with("postgres://");
  if (is_url_) {
    read_url();
  } else {
    read_keywords();
  }
}

void ConnectionString::read_url() {
  std::string_view rest = text_;
  rest.remove_prefix(rest.find("://") + 3);
  const std::size_t at = rest.rfind('@', rest.find('?'));
  if (at != std::string_view::npos) {
    const std::string_view user = rest.substr(0, at);
    const std::size_t colon = user.find(':');
    if (colon != std::string_view::npos) password_ = user.substr(colon + 1);
    // An unencoded separator makes libpq take a part of the password for a host, a port or a database.
    if (user.find_first_of("/@?#", 0) != std::string_view::npos) readable_ = false;
    rest.remove_prefix(at + 1);
  }
  const std::size_t question = rest.find('?');
  rest.remove_prefix(question == std::string_view::npos ? rest.size() : question + 1);
  if (rest.find('@') != std::string_view::npos) readable_ = false;
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      readable_ = false;
      continue;
    }
    options_ += ' ' + std::string(pair.substr(0, equals)) + ' ';
    if (pair.substr(0, equals) == "password") password_ = pair.substr(equals + 1);
  }
  decoded_password_ = percent_decoded(password_);
}

void ConnectionString::read_keywords() {
  std::string_view rest = text_;
  const auto skip_spaces = [&] {
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
  };
  constexpr std::array known = {"host",
                                "hostaddr",
                                "port",
                                "dbname",
                                "user",
                                "password",
                                "passfile",
                                "service",
                                "sslmode",
                                "sslcert",
                                "sslkey",
                                "sslrootcert",
                                "connect_timeout",
                                "application_name",
                                "options",
                                "sslcrl",
                                "keepalives",
                                "gssencmode",
                                "fallback_application_name",
                                "channel_binding",
                                "client_encoding",
                                "target_session_attrs",
                                "keepalives_idle",
                                "keepalives_interval",
                                "keepalives_count",
                                "tcp_user_timeout",
                                "replication",
                                "sslcompression",
                                "sslpassword",
                                "sslcrldir",
                                "sslsni",
                                "requirepeer",
                                "ssl_min_protocol_version",
                                "ssl_max_protocol_version",
                                "krbsrvname",
                                "gsslib",
                                "load_balance_hosts",
                                "require_auth",
                                "sslnegotiation",
                                "sslcertmode",
                                "gssdelegation"};
  for (skip_spaces(); !rest.empty(); skip_spaces()) {
    std::string key, value;
    while (!rest.empty() && rest.front() != '=' && !is_space(rest.front())) {
      key += rest.front();
      rest.remove_prefix(1);
    }
    skip_spaces();
    bool is_known = false;
    for (const std::string_view option : known) is_known = is_known || option == key;
    if (rest.empty() || rest.front() != '=' || !is_known) {
      readable_ = false;
      return;
    }
    rest.remove_prefix(1);
    skip_spaces();
    const char* const begin = rest.data();
    const bool is_quoted = !rest.empty() && rest.front() == '\'';
    if (is_quoted) rest.remove_prefix(1);
    bool is_closed = !is_quoted;
    while (!rest.empty() && !(is_quoted ? rest.front() == '\'' : is_space(rest.front()))) {
      if (rest.front() == '\\' && rest.size() > 1) rest.remove_prefix(1);
      value += rest.front();
      rest.remove_prefix(1);
    }
    const std::string_view raw(begin, static_cast<std::size_t>(rest.data() - begin));
    if (is_quoted && !rest.empty()) {
      is_closed = true;
      rest.remove_prefix(1);
    }
    if (!is_closed) readable_ = false;
    options_ += ' ' + key + ' ';
    if (key == "password") {
      password_ = is_quoted ? raw.substr(1) : raw;
      decoded_password_ = value;
    }
  }
}

std::string ConnectionString::masked(std::string_view message) const {
  std::string text(message);
  replace_all(text, password_);
  replace_all(text, decoded_password_);
  return text;
}

ConnectionString ConnectionString::with(std::string_view option, std::string_view value) const {
  std::string text = text_;
  if (is_url_) {
    text += text.find('?') == std::string::npos ? '?' : '&';
    text += std::string(option) + '=' + percent_encoded(value, "-._");
  } else {
    text += ' ' + std::string(option) + "='";
    for (const char c : value) {
      if (c == '\'' || c == '\\') text += '\\';
      text += c;
    }
    text += '\'';
  }
  return ConnectionString(std::move(text));
}

bool ConnectionString::has(std::string_view option) const {
  return options_.find(' ' + std::string(option) + ' ') != std::string::npos;
}

}  // namespace godwit
