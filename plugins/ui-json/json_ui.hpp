// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/ui.hpp>

namespace offlineimap::ui_json {

/// One JSON object a line on the standard output; answers to questions come as lines on the
/// standard input. docs/ui-protocols.md has the objects.
class JsonUi final : public Ui {
public:
    explicit JsonUi(Host& host) : host_(host) { }

    void start(Control& control) override;
    void show(const Event& event) noexcept override;
    std::optional<std::string> ask(const Question& question) override;
    void close() noexcept override;
    void* facet(std::string_view name) noexcept override;

private:
    Host& host_;
    std::uint64_t questions_ = 0;
    bool closed_ = false;
};

}  // namespace offlineimap::ui_json
