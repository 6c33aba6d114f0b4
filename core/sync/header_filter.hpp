// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::sync {

/// The header without the fields of these names, their folded lines included; names in any case.
/// Lines may end with CRLF or LF; a last line without an end is taken for complete.
[[nodiscard]] std::string
without_fields(std::string_view header, const std::vector<std::string>& names);

/// Hands texts on without some header fields (`filterheaders`). No more than the header is held; of
/// one that is longer than 1 MB the rest goes on as it is.
class HeaderFilter final : public FetchSink {
public:
    /// Both outlive it. No names: everything is handed on at once.
    HeaderFilter(FetchSink& sink, const std::vector<std::string>& names)
        : sink_(sink), names_(names)
    {
    }

    void begin(std::size_t index, const Message& message, std::uint64_t size) override;
    bool data(Bytes chunk) override;
    void end() override;
    void failed(std::size_t index, const Error& why) override { sink_.failed(index, why); }

private:
    bool hand_on(std::size_t header_size);

    FetchSink& sink_;
    const std::vector<std::string>& names_;
    std::size_t index_ = 0;
    Message message_;
    std::uint64_t size_ = 0;
    std::string held_;
    bool holding_ = false;
};

}  // namespace offlineimap::sync
