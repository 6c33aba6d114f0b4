// SPDX-License-Identifier: Apache-2.0
#include "missing_extensions.hpp"

namespace offlineimap::imap {
namespace {

struct Row {
    std::string_view name;
    std::string_view in_its_place;
};

constexpr Row rows[] {
    {"LIST-STATUS", "each folder is asked for its state with a command of its own"},
    {"QRESYNC", "what was deleted is found by listing the numbers of all messages"},
    {"NOTIFY", "each of the first ten idlefolders is watched on a connection of its own"},
    {"LITERAL+", "each message that is uploaded waits for a go-ahead"},
    {"ESEARCH", "lists of messages are longer than they need to be"},
    {"COMPRESS=DEFLATE", "texts and lists go over the wire in full length"},
    {"SPECIAL-USE", "what a folder is for (Sent, Trash) is not told"},
    {"OBJECTID", "a folder that was put in the place of another one is known by UIDVALIDITY alone"},
    {"SASL-IR", "signing in takes one more answer"},
};

}  // namespace

std::vector<std::string> missing_extensions(const CapabilitySet& capabilities)
{
    std::vector<std::string> missing;
    for (const auto& [name, in_its_place] : rows) {
        const bool is_there = capabilities.has(name)
            || (name == "LITERAL+" && capabilities.literals() != LiteralMode::synchronising);
        if (!is_there) missing.push_back(std::string(name) + ": " + std::string(in_its_place));
    }
    return missing;
}

}  // namespace offlineimap::imap
