// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/status.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How files of ours hold numbers, texts and records: numbers in groups of seven bits, least first,
// the high bit says that more follow; a text is its size and its bytes.

namespace offlineimap::status {

void pack(std::string& out, std::uint64_t number);
void pack(std::string& out, std::string_view text);

/// What of a record is not its right id: flags, and whatever else there is. One byte for most.
void pack_state(std::string& out, const Record& record);

/// Takes packed things from the front of a text. nullopt: what is left there is no such thing.
class Unpacker {
public:
    explicit Unpacker(std::string_view bytes) noexcept : rest_(bytes) { }

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    [[nodiscard]] std::optional<std::uint64_t> number() noexcept;
    /// A view of the bytes that were given.
    [[nodiscard]] std::optional<std::string_view> text() noexcept;
    /// Fills in everything but the right id, which is to be there already. False: it is damaged.
    [[nodiscard]] bool state(Record& record);

private:
    bool list(std::vector<std::string>& items);

    std::string_view rest_;
};

}  // namespace offlineimap::status
